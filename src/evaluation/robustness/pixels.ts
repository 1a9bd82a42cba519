import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../data/images.ts'
import { gatherTokens } from '../../engine/ops/tokens.ts'
import { patchify, unpatchify } from '../../models/patches.ts'

/**
 * Fills cells of images with the mean colour of the data set: 0 in normalised values.
 * @param views [B, 32, 32, 3]
 * @param filled cells, numbered row by row
 * @param size side of a cell in pixels
 */
export function fillCells(views: tf.Tensor4D, filled: Iterable<number>, size: number): tf.Tensor4D {
  const grid = IMAGE_SIZE / size
  const shown = new Float32Array(IMAGE_SIZE * IMAGE_SIZE).fill(1)
  for (const cell of filled) {
    const [top, left] = [Math.floor(cell / grid) * size, (cell % grid) * size]
    for (let y = top; y < top + size; y++)
      shown.fill(0, y * IMAGE_SIZE + left, y * IMAGE_SIZE + left + size)
  }
  return tf.tidy(() => views.mul(tf.tensor4d(shown, [1, IMAGE_SIZE, IMAGE_SIZE, 1])))
}

/**
 * Puts the cells of images in another order: cell `to` then shows what cell `order[to]` showed.
 * @param views [B, 32, 32, 3]
 * @param orders [grid²] for all images, or one after the other for every image; cells numbered row by row
 */
export function shuffleCells(views: tf.Tensor4D, orders: Uint32Array, grid: number): tf.Tensor4D {
  const size = IMAGE_SIZE / grid
  return tf.tidy(() => {
    const cells = patchify(views, size)
    const indices = tf.tensor2d(Float32Array.from(orders), [orders.length / grid ** 2, grid ** 2])
    const forEach =
      indices.shape[0] === 1 ? indices.mul<tf.Tensor2D>(tf.ones([views.shape[0], 1])) : indices
    return unpatchify(gatherTokens(cells, forEach), size)
  })
}
