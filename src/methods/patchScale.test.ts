import { expect, test } from 'vitest'
import { noise } from '../engine/testing/noise.ts'
import { PatchScale } from './patchScale.ts'

/** Image [4, 4, 3] in 2 × 2 patches. */
const image = Float32Array.from(noise([4, 4, 3], 5, 0.5, 0.3).data)

/** The numbers of a patch as (channel, row, column). */
const patchOf = (from: Float32Array, cell: number): number[] =>
  [0, 1, 2].flatMap((channel) =>
    [0, 1, 2, 3].map((i) => {
      const y = 2 * Math.floor(cell / 2) + Math.floor(i / 2)
      const x = 2 * (cell % 2) + (i % 2)
      return from[(4 * y + x) * 3 + channel]!
    }),
  )

test('raw patches are put where they belong', () => {
  const patches = Float32Array.from([0, 1, 2, 3].flatMap((cell) => patchOf(image, cell)))
  expect(new PatchScale(image, 2, false).imageOf(patches)).toEqual(image)
})

test('normalised ones get the mean and the deviation of the true patch', () => {
  const scale = new PatchScale(image, 2, true)
  const targets = Float32Array.from(
    [0, 1, 2, 3].flatMap((cell) => {
      const values = patchOf(image, cell)
      const mean = values.reduce((a, b) => a + b) / 12
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 11
      return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-6))
    }),
  )
  scale.imageOf(targets).forEach((value, i) => expect(value).toBeCloseTo(image[i]!, 5))
  // A prediction of nothing is the mean of the patch.
  const flat = scale.imageOf(new Float32Array(48))
  for (const cell of [0, 1, 2, 3]) {
    const mean = patchOf(image, cell).reduce((a, b) => a + b) / 12
    for (const value of patchOf(flat, cell)) expect(value).toBeCloseTo(mean, 5)
  }
})

test('one patch at a time leaves the others as they are', () => {
  const into = image.slice()
  new PatchScale(image, 2, false).restore(new Float32Array(12).fill(7), 3, into)
  expect(patchOf(into, 3)).toEqual(Array(12).fill(7))
  for (const cell of [0, 1, 2]) expect(patchOf(into, cell)).toEqual(patchOf(image, cell))
})
