import { expect, it } from 'vitest'
import { MemoryCache } from '../data/testing/storage.ts'
import { loadRecord, saveEntry } from '../engine/tuning/store.ts'
import { tuningStoreIn } from './tuningStore.ts'

const entry = { version: '1', choices: { 'NT 64x64x64': 'some variant' } }

it('keeps what tuning found in the cache', async () => {
  const cache = new MemoryCache()
  expect(await loadRecord(tuningStoreIn(cache))).toEqual({})
  await saveEntry(tuningStoreIn(cache), 'adapter', entry)
  expect(await loadRecord(tuningStoreIn(cache))).toEqual({ adapter: entry })
})

it('counts as empty when what was kept is damaged', async () => {
  const cache = new MemoryCache()
  await cache.write('tuning', new TextEncoder().encode('{"adap'))
  expect(await loadRecord(tuningStoreIn(cache))).toEqual({})
})
