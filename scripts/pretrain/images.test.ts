import { expect, it } from 'vitest'
import type { ImageSet } from '../../src/data/images.ts'
import { firstImages } from '../../src/data/records.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { a2mim } from '../../src/methods/a2mim/description.ts'
import { presetValues } from '../../src/settings/selection.ts'
import { isKnnDue, loadRunImages } from './images.ts'

it.each([
  [500, 0, 499, false],
  [500, 0, 500, true],
  [500, 500, 999, false],
  [500, 999, 1000, true],
  [0, 0, 1000, false],
])('every %i steps, from step %i to %i: %s', (every, from, to, isDue) => {
  expect(isKnnDue(every, from, to)).toBe(isDue)
})

it('loads what online k-NN needs, where it is due; the run trains on its own images alone', async () => {
  const wanted = { datasetSize: '2000', knnEvery: 10, knnBank: 2100, knnTest: 50 }
  const settings = { ...presetValues(a2mim, 'tiny'), ...wanted } as CommonSettings
  const { training, knn } = await loadRunImages(settings, 0, 10)
  expect([training.count, knn!.bank.count, knn!.test.count]).toEqual([2000, 2100, 50])
  const same = (images: ImageSet) => Buffer.compare(images.pixels, training.pixels) === 0
  expect(same(firstImages(knn!.bank, 2000))).toBe(true)
  const without = await loadRunImages(settings, 0, 9)
  expect(without.knn).toBeNull()
  expect(same(without.training)).toBe(true)
  const small = await loadRunImages({ ...settings, knnBank: 500 }, 0, 10)
  expect(small.knn!.bank.count).toBe(2000)
})
