import { describe, expect, it } from 'vitest'
import { browserCache, keepManifest, readKeptManifest } from './cache.ts'
import { memoryStorage } from './testing/storage.ts'
import { syntheticData } from './testing/synthetic.ts'

const bytes = new Uint8Array([5, 6, 7])

describe('browserCache', () => {
  it('gives back what was written, until it is dropped', async () => {
    const cache = browserCache(memoryStorage().storage)
    expect(await cache.read('a')).toBeNull()
    await cache.write('a', bytes)
    expect(await cache.read('a')).toEqual(bytes)
    await cache.drop('a')
    expect(await cache.read('a')).toBeNull()
  })

  it('keeps what there is room for and stops trying when there is none', async () => {
    const { storage, tries } = memoryStorage(1)
    const cache = browserCache(storage)
    for (const key of ['a', 'b', 'c', 'd']) await cache.write(key, bytes)
    expect(await cache.read('a')).toEqual(bytes)
    expect(await cache.read('b')).toBeNull()
    expect(tries()).toBe(2)
  })

  it('never throws, whatever the storage does', async () => {
    const failing = browserCache({
      open: () => Promise.reject(new DOMException('no', 'SecurityError')),
    })
    const absent = browserCache(null)
    for (const cache of [failing, absent]) {
      await cache.write('a', bytes)
      await cache.drop('a')
      expect(await cache.read('a')).toBeNull()
    }
  })
})

describe('kept manifest', () => {
  it('comes back, and its shards go when a later one lacks them', async () => {
    const cache = browserCache(memoryStorage().storage)
    const earlier = (await syntheticData(1)).manifest
    const later = (await syntheticData(1, 1)).manifest
    expect(await readKeptManifest(cache)).toBeNull()
    await keepManifest(cache, earlier, null)
    expect(await readKeptManifest(cache)).toEqual(earlier)
    const gone = earlier.shards.train[0]!.sha256
    const staying = earlier.shards.train[7]!.sha256
    await cache.write(gone, bytes)
    await cache.write(staying, bytes)
    await keepManifest(cache, later, earlier)
    expect(await readKeptManifest(cache)).toEqual(later)
    expect(await cache.read(gone)).toBeNull()
    expect(await cache.read(staying)).toEqual(bytes)
  })

  it('is dropped when it makes no sense', async () => {
    const { storage, entries } = memoryStorage()
    const cache = browserCache(storage)
    await cache.write('manifest', bytes)
    expect(await readKeptManifest(cache)).toBeNull()
    expect(entries.size).toBe(0)
  })
})
