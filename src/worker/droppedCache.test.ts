import { expect, it } from 'vitest'
import { MemoryCache } from '../data/testing/storage.ts'
import { noiseImages } from '../training/testing/small.ts'
import { keepDropped, readDropped } from './droppedCache.ts'

async function kept(count: number) {
  const cache = new MemoryCache()
  await keepDropped(cache, 'train', noiseImages(count))
  return { cache, entry: () => [...cache.entries.values()][0]! }
}

it('gives back the first images, as many as are wanted', async () => {
  const { cache } = await kept(12)
  expect(await readDropped(cache, 'train', 12)).toEqual(noiseImages(12))
  const { pixels, labels } = noiseImages(12)
  expect(await readDropped(cache, 'train', 5)).toEqual({
    count: 5,
    pixels: pixels.subarray(0, 5 * 3072),
    labels: labels.subarray(0, 5),
  })
})

it('gives nothing when there is nothing, or not enough', async () => {
  expect(await readDropped(new MemoryCache(), 'train', 1)).toBeNull()
  const { cache } = await kept(12)
  expect(await readDropped(cache, 'train', 13)).toBeNull()
  expect(cache.entries.size).toBe(1)
})

it('lets go what is damaged or cut off', async () => {
  for (const spoil of [
    (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, at) => (at === 700 ? byte ^ 1 : byte)),
    (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, -3073),
    (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 10),
  ]) {
    const { cache, entry } = await kept(3)
    cache.entries.set([...cache.entries.keys()][0]!, spoil(entry()))
    expect(await readDropped(cache, 'train', 1)).toBeNull()
    expect(cache.entries.size).toBe(0)
  }
})

it('keeps the images of each split', async () => {
  const { cache } = await kept(12)
  expect(await readDropped(cache, 'test', 1)).toBeNull()
  await keepDropped(cache, 'test', noiseImages(5, 1))
  expect(await readDropped(cache, 'test', 5)).toEqual(noiseImages(5, 1))
  expect(await readDropped(cache, 'train', 12)).toEqual(noiseImages(12))
})
