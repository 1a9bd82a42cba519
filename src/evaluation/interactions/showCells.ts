import type * as tf from '@tensorflow/tfjs'

/**
 * Shows some cells of images and sets all else to 0, the mean colour of the data set after normalisation.
 * @param views [B, S, S, C]
 * @param shown [B, grid, grid]: 1 for cells that are shown, 0 for the others
 */
export function showCells(views: tf.Tensor4D, shown: tf.Tensor3D): tf.Tensor4D {
  const [batch, height, width, channels] = views.shape
  const [, rows, columns] = shown.shape
  const cells = views.reshape([batch, rows, height / rows, columns, (width / columns) * channels])
  return cells.mul(shown.reshape([batch, rows, 1, columns, 1])).reshape(views.shape)
}
