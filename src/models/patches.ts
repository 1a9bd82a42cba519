import * as tf from '@tensorflow/tfjs'
import { permute } from '../engine/ops/permute.ts'

/** Images [B, S, S, C] to patches [B, grid², C·P·P], each flattened as (channel, row, column). */
export function patchify(images: tf.Tensor4D, patch: number): tf.Tensor3D {
  const [batch, side, , channels] = images.shape
  const grid = side / patch
  const cells = images.reshape([batch, grid, patch, grid, patch, channels])
  return permute(cells, [0, 1, 3, 5, 2, 4]).reshape([batch, grid * grid, channels * patch * patch])
}

/**
 * Pixel shuffle: spreads the channels of every cell over a square of pixels. Channel (c, row, column) of a cell, row
 * and column within the square, becomes channel c of that pixel: torch's order, not that of a depth-to-space.
 * @param cells [B, height, width, C·P·P]
 * @returns [B, height·P, width·P, C]
 */
export function pixelShuffle(cells: tf.Tensor4D, patch: number): tf.Tensor4D {
  const [batch, height, width, depth] = cells.shape
  const channels = depth / (patch * patch)
  const split = cells.reshape([batch, height, width, channels, patch, patch])
  return permute(split, [0, 1, 4, 2, 5, 3]).reshape([
    batch,
    height * patch,
    width * patch,
    channels,
  ])
}

/** Patches [B, grid², C·P·P], flattened as (channel, row, column), to images [B, S, S, C]: undoes `patchify`. */
export function unpatchify(patches: tf.Tensor3D, patch: number): tf.Tensor4D {
  const [batch, count, depth] = patches.shape
  const grid = Math.sqrt(count)
  return pixelShuffle(patches.reshape([batch, grid, grid, depth]), patch)
}

/** A number for every patch [B, grid²] to one for every pixel [B, S, S, 1]. */
export function spreadToPixels(values: tf.Tensor2D, patch: number): tf.Tensor4D {
  const [batch, count] = values.shape
  const grid = Math.sqrt(count)
  // By a product, because tfjs tiles no more than four dimensions on WebGPU.
  return values
    .reshape([batch, grid, 1, grid, 1])
    .mul(tf.ones([1, 1, patch, 1, patch]))
    .reshape([batch, grid * patch, grid * patch, 1])
}
