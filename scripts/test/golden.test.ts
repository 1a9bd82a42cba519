import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runGolden } from './golden.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-golden-'))
  vi.stubEnv('GOLDEN_DIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('a folder without golden files is a failure', async () => {
  expect(await runGolden()).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
})

test('a damaged file is a failure that names the file', async () => {
  writeFileSync(join(folder, 'cut.json'), '{"format":"golden-v1","me')
  const { passed, failed, skipped, output } = await runGolden()
  expect({ passed, failed, skipped }).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(output).toContain('DAMAGED  cut.json')
})
