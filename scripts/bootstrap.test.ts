import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from './node/project.ts'

mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache/bootstrap-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bootstrap = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...args], { encoding: 'utf8' })

test('a TypeScript file runs with its arguments and gives its exit code', () => {
  const script = join(folder, 'script.ts')
  writeFileSync(
    script,
    `const args: string[] = process.argv.slice(2)
    console.log(args.join('|'))
    process.exitCode = 3`,
  )
  const { status, stdout } = bootstrap(script, '--set', 'a=1 2')
  expect({ status, stdout }).toEqual({ status: 3, stdout: '--set|a=1 2\n' })
})

test('a script that throws fails with its message', () => {
  const script = join(folder, 'broken.ts')
  writeFileSync(script, `throw new Error('spilt milk')`)
  const { status, stderr } = bootstrap(script)
  expect(status).toBe(1)
  expect(stderr).toContain('spilt milk')
})

test('without a script it says how it is used', () => {
  const { status, stderr } = bootstrap()
  expect(status).toBe(1)
  expect(stderr).toContain('Usage')
})
