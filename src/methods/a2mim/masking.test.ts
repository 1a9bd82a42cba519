import { describe, expect, test } from 'vitest'
import { Stream } from '../../engine/random.ts'
import { drawBlockMask, hiddenBlocks, type BlockMaskShape } from './masking.ts'

const draw = (
  shape: BlockMaskShape,
  ratio: number,
  seed: number,
  step = 0,
  sample = 0,
): Float32Array => {
  const mask = new Float32Array((shape.imageSize / shape.patchSize) ** 2).fill(7)
  drawBlockMask(shape, ratio, [seed, Stream.mask, step, sample], mask)
  return mask
}

const hiddenOf = (mask: Float32Array): number => mask.reduce((sum, value) => sum + value, 0)

/** Whether every block of `span` × `span` patches is hidden as a whole or not at all. */
const isBlocky = (mask: Float32Array, grid: number, span: number): boolean =>
  mask.every((value, i) => {
    const [row, column] = [Math.floor(i / grid), i % grid]
    return value === mask[(row - (row % span)) * grid + column - (column % span)]
  })

describe('M1 block masks of the official settings', () => {
  test.each([
    ['ResNet-50, token before the 4th stage', 224, 32, 16, 49, 30],
    ['ResNet-50, token before the 1st stage', 224, 32, 4, 49, 30],
    ['ViT', 224, 32, 16, 49, 30],
    ['ConvNeXt', 224, 32, 32, 49, 30],
    ['ImageNet-100', 192, 32, 16, 36, 22],
    ['CIFAR up-scaled', 224, 32, 16, 49, 30],
    ['CIFAR, blocks of 8', 32, 8, 4, 16, 10],
    ['CIFAR, blocks of 4', 32, 4, 4, 64, 39],
  ])('%s', (_, imageSize, maskPatch, patchSize, blocks, hidden) => {
    expect(hiddenBlocks(0.6, blocks)).toBe(hidden)
    const span = maskPatch / patchSize
    for (let seed = 0; seed < 50; seed++) {
      const mask = draw({ imageSize, maskPatch, patchSize }, 0.6, seed)
      expect(new Set(mask)).toEqual(new Set([0, 1]))
      expect(hiddenOf(mask)).toBe(hidden * span * span)
      expect(isBlocky(mask, imageSize / patchSize, span)).toBe(true)
    }
  })
})

test.each([
  [0.05, 16, 1],
  [0.5, 16, 8],
  [0.55, 100, 55],
  [0.625, 16, 10],
  [0.63, 16, 11],
  [0.95, 16, 15],
  [0.95, 4, 3],
  [0.3, 4, 2],
])('ratio %f of %i blocks hides %i', (ratio, blocks, hidden) => {
  expect(hiddenBlocks(ratio, blocks)).toBe(hidden)
})

test('a mask is the same again at the same address and another at any other', () => {
  const shape = { imageSize: 32, maskPatch: 8, patchSize: 4 }
  const same = draw(shape, 0.6, 3, 5, 7)
  expect(draw(shape, 0.6, 3, 5, 7)).toEqual(same)
  expect(draw(shape, 0.6, 4, 5, 7)).not.toEqual(same)
  expect(draw(shape, 0.6, 3, 6, 7)).not.toEqual(same)
  expect(draw(shape, 0.6, 3, 5, 8)).not.toEqual(same)
  expect(draw(shape, 0.6, 3, 7, 5)).not.toEqual(same)
})

test('a higher ratio at the same address only hides more', () => {
  const shape = { imageSize: 32, maskPatch: 4, patchSize: 4 }
  const [few, many] = [draw(shape, 0.3, 1), draw(shape, 0.8, 1)]
  expect(few.every((value, i) => value <= many[i]!)).toBe(true)
})

test('it is written at its offset and nowhere else', () => {
  const shape = { imageSize: 32, maskPatch: 8, patchSize: 8 }
  const masks = new Float32Array(48).fill(9)
  drawBlockMask(shape, 0.6, [1, Stream.mask, 0, 0], masks, 16)
  expect(masks.subarray(16, 32)).toEqual(draw(shape, 0.6, 1))
  expect([...masks.subarray(0, 16), ...masks.subarray(32)].every((value) => value === 9)).toBe(true)
})

test('every block is hidden equally often, and every pair of blocks', () => {
  const shape = { imageSize: 32, maskPatch: 8, patchSize: 8 }
  const draws = 20_000
  const pairs = new Float64Array(16 * 16)
  for (let step = 0; step < draws; step++) {
    const mask = draw(shape, 0.6, 1, step)
    for (let a = 0; a < 16; a++)
      if (mask[a] === 1) for (let b = 0; b < 16; b++) pairs[16 * a + b]! += mask[b]!
  }
  // Of 16 blocks 10 are hidden: one with probability 10/16, two with 10·9 / (16·15). Five standard deviations.
  for (let a = 0; a < 16; a++)
    for (let b = 0; b < 16; b++) {
      const p = a === b ? 10 / 16 : 90 / 240
      const tolerance = 5 * Math.sqrt((p * (1 - p)) / draws)
      expect(Math.abs(pairs[16 * a + b]! / draws - p), `${a} ${b}`).toBeLessThan(tolerance)
    }
})
