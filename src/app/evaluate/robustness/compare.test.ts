import { expect, test } from 'vitest'
import type { RobustnessResult } from '../../../results.ts'
import { accuracyTicks, disturbances, placesOf } from './compare.ts'

const vit: RobustnessResult = {
  kind: 'robustness',
  representation: 'mean',
  clean: 40,
  tokensRemoved: [
    { amount: 0, accuracy: 40 },
    { amount: 50, accuracy: 30 },
  ],
  patchesFilled: [
    { amount: 0, accuracy: 40 },
    { amount: 50, accuracy: 20 },
  ],
  patchesShuffled: [
    { amount: 1, accuracy: 40 },
    { amount: 8, accuracy: 12 },
  ],
  positions: { permuted: 25, removed: 18 },
  testImages: 100,
}
const cnn: RobustnessResult = {
  ...vit,
  clean: 52,
  tokensRemoved: null,
  patchesFilled: [
    { amount: 0, accuracy: 52 },
    { amount: 30, accuracy: 35 },
  ],
  positions: null,
}
const [tokens, filled, shuffled, positions, outlines] = disturbances

test('two results side by side, with gaps where one has nothing', () => {
  expect(placesOf(tokens!, vit, cnn)).toEqual([
    { amount: 0, first: 40, second: null },
    { amount: 50, first: 30, second: null },
  ])
  expect(placesOf(filled!, vit, cnn)).toEqual([
    { amount: 0, first: 40, second: 52 },
    { amount: 30, first: null, second: 35 },
    { amount: 50, first: 20, second: null },
  ])
  expect(placesOf(positions!, vit, null).map(({ first }) => first)).toEqual([40, 25, 18])
  expect(placesOf(positions!, cnn, null)).toEqual([])
  expect(placesOf(tokens!, null, null)).toEqual([])
  const drawn = { ...vit, outlines: { edges: 22, silhouette: 15 } }
  expect(placesOf(outlines!, drawn, vit).map(({ first }) => first)).toEqual([40, 22, 15])
  // A result of a version that did not measure it.
  expect(placesOf(outlines!, vit, null)).toEqual([])
  expect([0, 1, 2].map(positions!.nameOf)).toEqual(['right', 'permuted', 'left out'])
  expect([1, 4].map(shuffled!.nameOf)).toEqual(['whole', '4 × 4'])
})

test('all charts share a scale that holds every accuracy and chance', () => {
  expect(accuracyTicks([vit, cnn])).toEqual([0, 20, 40, 60])
  expect(accuracyTicks([{ ...vit, clean: 11 }, null]).at(-1)).toBeGreaterThanOrEqual(40)
  expect(accuracyTicks([null, null])).toEqual([0, 5, 10, 15, 20])
  const all = { ...vit, patchesFilled: [{ amount: 0, accuracy: 100 }] }
  expect(accuracyTicks([all, null])).toEqual([0, 20, 40, 60, 80, 100])
})
