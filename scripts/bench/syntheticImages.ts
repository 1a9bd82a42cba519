import { IMAGE_BYTES, type ImageSet } from '../../src/data/images.ts'
import { philox } from '../../src/engine/random.ts'

/** Different images; more are these again. */
const DIFFERENT = 256
const KEY = [1, 0] as const
const BLOCK_BYTES = 16

/** Images of random bytes, in place of a data set that may not be on the machine. */
export function syntheticImages(count: number): ImageSet {
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  const block = new Uint32Array(BLOCK_BYTES / 4)
  const bytes = new Uint8Array(block.buffer)
  const drawn = Math.min(count, DIFFERENT) * IMAGE_BYTES
  for (let at = 0; at < drawn; at += BLOCK_BYTES) {
    philox([at / BLOCK_BYTES, 0, 0, 0], KEY, block)
    pixels.set(bytes, at)
  }
  for (let at = drawn; at < pixels.length; at += drawn)
    pixels.copyWithin(at, 0, Math.min(drawn, pixels.length - at))
  return { count, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) }
}
