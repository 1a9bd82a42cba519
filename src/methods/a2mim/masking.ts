import { randomAt, randomPermutation, type StreamId } from '../../engine/random.ts'

/** Sizes of a block mask, in pixels. */
export interface BlockMaskShape {
  readonly imageSize: number
  /** Side of a hidden block. */
  readonly maskPatch: number
  /** Side of a patch of the network: the resolution of the mask. Divides `maskPatch`. */
  readonly patchSize: number
}

/**
 * How many of the blocks are hidden: ceil(ratio × blocks), though at least one block stays visible. The small
 * subtrahend keeps 0.55 × 100 = 55.00000000000001 from becoming 56.
 */
export function hiddenBlocks(ratio: number, blocks: number): number {
  return Math.min(Math.ceil(ratio * blocks - 1e-9), blocks - 1)
}

/**
 * One image's block mask (spec section 2): a uniformly random choice of blocks, at patch resolution, 1 = hidden.
 * @param address counter-based random numbers: (seed, stream, step, sample)
 * @param out receives grid² values at `offset`
 */
export function drawBlockMask(
  { imageSize, maskPatch, patchSize }: BlockMaskShape,
  ratio: number,
  address: readonly [seed: number, stream: StreamId, step: number, sample: number],
  out: Float32Array | Uint8Array,
  offset = 0,
): void {
  const blocks = imageSize / maskPatch
  const grid = imageSize / patchSize
  const span = maskPatch / patchSize
  out.fill(0, offset, offset + grid * grid)
  const hidden = hiddenBlocks(ratio, blocks * blocks)
  for (const block of randomPermutation(randomAt(...address), blocks * blocks, hidden)) {
    const row = Math.floor(block / blocks) * span
    const column = (block % blocks) * span
    for (let y = row; y < row + span; y++)
      out.fill(1, offset + y * grid + column, offset + y * grid + column + span)
  }
}
