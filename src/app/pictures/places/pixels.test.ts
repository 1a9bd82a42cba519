import { expect, test } from 'vitest'
import { keptPixels } from './pixels.ts'

test('only the patches that are shown are left of an image, which itself stays whole', () => {
  const image = new Uint8ClampedArray(4 * 4 * 4).fill(255)
  const kept = keptPixels(image, 4, 2, [
    { cell: 0, claim: 3, probability: 0 },
    { cell: 3, claim: 3, probability: 0 },
  ])
  const alphas = Array.from({ length: 16 }, (_, pixel) => Number(kept[4 * pixel + 3]! > 0))
  expect(alphas).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1])
  expect(image.every((value) => value === 255)).toBe(true)
})
