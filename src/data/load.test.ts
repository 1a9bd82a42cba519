import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { sha256 } from './bytes.ts'
import { browserCache } from './cache.ts'
import { IMAGE_BYTES, type ImageSet, type LoadProgress } from './images.ts'
import { loadTestImages, loadTrainingImages } from './load.ts'
import type { Manifest } from './manifest.ts'
import { emptyImages, putRecords } from './records.ts'
import { MemoryCache, memoryStorage } from './testing/storage.ts'
import {
  faultOf,
  MemorySource,
  sameBytes,
  syntheticData,
  syntheticRecords,
} from './testing/synthetic.ts'

const { manifest, files, records } = await syntheticData()

/** What loading must give: the records one after the other. */
function expected(count: number, parts = records.train): ImageSet {
  const images = emptyImages(count)
  for (const [at, part] of parts.entries())
    if (at * 1000 < count) putRecords(part, images, at * 1000)
  return images
}

function expectSame(found: ImageSet, wanted: ImageSet): void {
  expect(found.count).toBe(wanted.count)
  expect(sameBytes(found.pixels, wanted.pixels)).toBe(true)
  expect(sameBytes(found.labels, wanted.labels)).toBe(true)
}

/** The manifest with another content for the first training shard, and the files to go with it. */
async function withFirstShard(packed: Uint8Array<ArrayBuffer>): Promise<[Manifest, typeof files]> {
  const [first, ...rest] = manifest.shards.train
  const changed = { ...first!, bytes: packed.length, sha256: await sha256(packed) }
  return [
    { ...manifest, shards: { ...manifest.shards, train: [changed, ...rest] } },
    new Map([...files, [changed.file, packed]]),
  ]
}

describe('loadTrainingImages', () => {
  it.each([1, 999, 1000, 2000, 2500])('gives the first %d images', async (count) => {
    const source = new MemorySource(manifest, files)
    expectSame(await loadTrainingImages(source, count), expected(count))
    const shards = ['train-00.shard', 'train-01.shard', 'train-02.shard']
    expect(source.asked.sort()).toEqual(['manifest', ...shards.slice(0, Math.ceil(count / 1000))])
  })

  it('reports progress up to the end', async () => {
    const seen: LoadProgress[] = []
    const source = new MemorySource(manifest, files)
    await loadTrainingImages(source, 2500, { onProgress: (progress) => seen.push(progress) })
    const ofBytes = manifest.shards.train.slice(0, 3).reduce((all, { bytes }) => all + bytes, 0)
    expect(seen).toHaveLength(4)
    expect(seen[0]).toEqual({ images: 0, ofImages: 2500, bytes: 0, ofBytes, cached: true })
    expect(seen[3]).toEqual({
      images: 2500,
      ofImages: 2500,
      bytes: ofBytes,
      ofBytes,
      cached: false,
    })
    for (const [at, { images }] of seen.slice(1).entries())
      expect(images).toBeGreaterThan(seen[at]!.images)
  })

  it.each([1000, 1500])('grows from %d images without fetching them again', async (count) => {
    const source = new MemorySource(manifest, files)
    const have = await loadTrainingImages(source, count)
    source.asked.length = 0
    const seen: LoadProgress[] = []
    const grown = await loadTrainingImages(source, 3000, {
      have,
      onProgress: (progress) => seen.push(progress),
    })
    expectSame(grown, expected(3000))
    expect(source.asked.sort()).toEqual(['manifest', 'train-01.shard', 'train-02.shard'])
    expect(seen.map(({ images }) => images)).toEqual([1000, 2000, 3000])
  })

  it('shrinks without asking anyone', async () => {
    const source = new MemorySource(manifest, files)
    const have = await loadTrainingImages(source, 2000)
    source.asked.length = 0
    expectSame(await loadTrainingImages(source, 700, { have }), expected(700))
    expect(source.asked).toEqual([])
  })

  it.each([0, -1, 1.5, 50_001, NaN])('refuses to load %d images', async (count) => {
    const source = new MemorySource(manifest, files)
    await expect(loadTrainingImages(source, count)).rejects.toThrow(RangeError)
    expect(source.asked).toEqual([])
  })

  it('passes on that nothing is served', async () => {
    const missing = new PeekabooError({ code: 'data-missing', what: '', kept: '', todo: '' })
    const source = new MemorySource(manifest, files)
    vi.spyOn(source, 'manifest').mockRejectedValue(missing)
    await expect(loadTrainingImages(source, 1000)).rejects.toBe(missing)
  })

  it('fetches a shard with a wrong sum once more, past all caches', async () => {
    const source = new MemorySource(manifest, files)
    const read = source.shard.bind(source)
    vi.spyOn(source, 'shard').mockImplementation(async (file, options) => {
      const bytes = await read(file, options)
      return options?.fresh ? bytes : bytes.slice(0, -1)
    })
    expectSame(await loadTrainingImages(source, 1000), expected(1000))
    expect(source.asked).toEqual(['manifest', 'train-00.shard', 'train-00.shard fresh'])
  })

  it('gives up a shard whose sum stays wrong, and keeps nothing of it', async () => {
    const cache = new MemoryCache()
    const damaged = new Map(files).set('train-01.shard', new Uint8Array(9))
    const source = new MemorySource(manifest, damaged)
    const fault = await faultOf(loadTrainingImages(source, 2000, { cache }))
    expect(fault.code).toBe('data-damaged')
    expect(fault.what).toContain('train-01.shard')
    expect(fault.detail).toContain(manifest.shards.train[1]!.sha256)
    expect(cache.entries.has(manifest.shards.train[1]!.sha256)).toBe(false)
  })

  it.each([
    ['too few records', new Uint8Array(gzipSync(syntheticRecords(999)))],
    ['too many records', new Uint8Array(gzipSync(syntheticRecords(1001)))],
    ['something that is not packed', syntheticRecords(1)],
    ['a label above 9', new Uint8Array(gzipSync(syntheticRecords(1000).fill(10, 0, 1)))],
  ])('refuses a shard with the right sum but %s', async (_, packed) => {
    const source = new MemorySource(...(await withFirstShard(packed)))
    expect((await faultOf(loadTrainingImages(source, 1000))).code).toBe('data-damaged')
  })

  it('ends with the reason of an abort', async () => {
    const reason = new Error('the person left')
    const controller = new AbortController()
    const loading = loadTrainingImages(new MemorySource(manifest, files), 3000, {
      signal: controller.signal,
      onProgress: ({ images }) => {
        if (images > 0) controller.abort(reason)
      },
    })
    await expect(loading).rejects.toBe(reason)
  })
})

describe('a second visit', () => {
  it('asks no one, not even for the manifest', async () => {
    const cache = browserCache(memoryStorage().storage)
    await loadTrainingImages(new MemorySource(manifest, files), 2000, { cache })
    const source = new MemorySource(manifest, new Map())
    const seen: LoadProgress[] = []
    const images = await loadTrainingImages(source, 2000, {
      cache,
      onProgress: (progress) => seen.push(progress),
    })
    expectSame(images, expected(2000))
    expect(source.asked).toEqual([])
    expect(seen.at(-1)).toMatchObject({ images: 2000, cached: true })
  })

  it('replaces a damaged entry', async () => {
    const cache = new MemoryCache()
    await loadTrainingImages(new MemorySource(manifest, files), 2000, { cache })
    const key = manifest.shards.train[1]!.sha256
    const sound = cache.entries.get(key)!
    cache.entries.set(key, sound.slice(0, 100))
    const source = new MemorySource(manifest, files)
    expectSame(await loadTrainingImages(source, 2000, { cache }), expected(2000))
    expect(source.asked).toEqual(['train-01.shard'])
    expect(cache.entries.get(key)).toEqual(sound)
  })

  it('notices that other shards are served now', async () => {
    const cache = new MemoryCache()
    await loadTrainingImages(new MemorySource(manifest, files), 1000, { cache })
    const present = await syntheticData(3, 5)
    const source = new MemorySource(present.manifest, present.files)
    const images = await loadTrainingImages(source, 2000, { cache })
    expectSame(images, expected(2000, present.records.train))
    expect(cache.entries.has(manifest.shards.train[0]!.sha256)).toBe(false)
  })

  it('says what is wrong when the same shards are served, but damaged', async () => {
    const cache = new MemoryCache()
    await loadTrainingImages(new MemorySource(manifest, files), 1000, { cache })
    const source = new MemorySource(
      manifest,
      new Map(files).set('train-01.shard', new Uint8Array(1)),
    )
    expect((await faultOf(loadTrainingImages(source, 2000, { cache }))).code).toBe('data-damaged')
  })

  it('loads all the same when the storage is full', async () => {
    const { storage, entries } = memoryStorage(2)
    const cache = browserCache(storage)
    const source = new MemorySource(manifest, files)
    expectSame(await loadTrainingImages(source, 3000, { cache }), expected(3000))
    expect(entries.size).toBe(2)
  })
})

describe('loadTestImages', () => {
  it('loads from the test shards', async () => {
    const source = new MemorySource(manifest, files)
    const images = await loadTestImages(source, 1200)
    expectSame(images, expected(1200, records.test))
    expect(images.pixels).toHaveLength(1200 * IMAGE_BYTES)
    expect(source.asked.sort()).toEqual(['manifest', 'test-00.shard', 'test-01.shard'])
  })
})
