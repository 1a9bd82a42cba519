import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRecord, saveEntry } from '../../src/engine/tuning/store.ts'
import { cacheFolder, FileTuningStore } from './tuningStore.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-tuning-'))
})
afterEach(() => rm(folder, { recursive: true }))

const entry = { version: '1', choices: { 'NT 64x64x64': 'some variant' } }

describe('the file of the tuning', () => {
  it('gives back what was saved, and nothing else lies beside it', async () => {
    const path = join(folder, 'new', 'tuning.json')
    await saveEntry(new FileTuningStore(path), 'one', entry)
    await saveEntry(new FileTuningStore(path), 'two', { ...entry, version: '2' })
    expect(await loadRecord(new FileTuningStore(path))).toEqual({
      one: entry,
      two: { ...entry, version: '2' },
    })
    expect(await readdir(join(folder, 'new'))).toEqual(['tuning.json'])
  })

  it('counts as empty when it is missing or damaged, and is written anew', async () => {
    const path = join(folder, 'tuning.json')
    const store = new FileTuningStore(path)
    expect(await loadRecord(store)).toEqual({})
    await writeFile(path, '{"one": {"vers')
    expect(await loadRecord(store)).toEqual({})
    await saveEntry(store, 'one', entry)
    expect(await loadRecord(store)).toEqual({ one: entry })
  })

  it('does without when there is no place for it', async () => {
    await writeFile(join(folder, 'file'), '')
    const store = new FileTuningStore(join(folder, 'file', 'tuning.json'))
    await saveEntry(store, 'one', entry)
    expect(await loadRecord(store)).toEqual({})
  })
})

it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['linux', {}, join('/home/me', '.cache')],
  ['linux', { XDG_CACHE_HOME: '' }, join('/home/me', '.cache')],
  ['linux', { XDG_CACHE_HOME: '/caches' }, '/caches'],
  ['darwin', {}, join('/home/me', 'Library', 'Caches')],
  ['win32', {}, join('/home/me', 'AppData', 'Local')],
  ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local'],
])('knows the cache folder on %s given %o', (platform, environment, expected) => {
  expect(cacheFolder(platform, environment, '/home/me')).toBe(expected)
})
