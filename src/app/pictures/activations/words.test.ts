import { expect, test } from 'vitest'
import type { ActivationsPicture } from '../../../pictures.ts'
import { lookText, rangeText } from './words.ts'

const picture: ActivationsPicture = {
  kind: 'activations',
  ...{ sample: 1, size: 1, grid: 2, cell: null, target: 'Target', stages: [], token: null },
  image: new Uint8ClampedArray(4),
  input: new Uint8ClampedArray(4),
  hidden: Uint8Array.of(1, 0, 1, 0),
}

test('what is looked at is said, and whether it is hidden', () => {
  expect(lookText(picture)).toBe('All 2 hidden cells')
  expect(lookText({ ...picture, cell: 2 })).toBe('The cell in row 2, column 1, which is hidden')
  expect(lookText({ ...picture, cell: 1 })).toBe('The cell in row 1, column 2, which is visible')
})

test('ranges have a minus of their own, and exponents theirs', () => {
  expect(rangeText(Float32Array.of(0.5, -0.25, 1))).toBe('−0.25 to 1')
  expect(rangeText(Float32Array.of(0, 2 ** -20))).toBe('0 to 9.5e-7')
})
