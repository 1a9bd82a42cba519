import * as tf from '@tensorflow/tfjs'

/** Images [B, S, S, C] to patches [B, grid², C·P·P], each flattened as (channel, row, column). */
export function patchify(images: tf.Tensor4D, patch: number): tf.Tensor3D {
  const [batch, side, , channels] = images.shape
  const grid = side / patch
  return images
    .reshape([batch, grid, patch, grid, patch, channels])
    .transpose([0, 1, 3, 5, 2, 4])
    .reshape([batch, grid * grid, channels * patch * patch])
}

/** Pixel shuffle: patches [B, grid², C·P·P], flattened as (channel, row, column), to images [B, S, S, C]. */
export function unpatchify(patches: tf.Tensor3D, patch: number, channels: number): tf.Tensor4D {
  const [batch, count] = patches.shape
  const grid = Math.sqrt(count)
  return patches
    .reshape([batch, grid, grid, channels, patch, patch])
    .transpose([0, 1, 4, 2, 5, 3])
    .reshape([batch, grid * patch, grid * patch, channels])
}

/** A number for every patch [B, grid²] to one for every pixel [B, S, S, 1]. */
export function spreadToPixels(values: tf.Tensor2D, patch: number): tf.Tensor4D {
  const [batch, count] = values.shape
  const grid = Math.sqrt(count)
  return values
    .reshape([batch, grid, 1, grid, 1, 1])
    .tile([1, 1, patch, 1, patch, 1])
    .reshape([batch, grid * patch, grid * patch, 1])
}
