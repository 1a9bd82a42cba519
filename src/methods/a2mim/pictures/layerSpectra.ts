import * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../../engine/fuse/expression.ts'
import { computeFused } from '../../../engine/ops/fuse.ts'
import { timesTransposed } from '../../../engine/ops/matmul.ts'
import { permute } from '../../../engine/ops/permute.ts'

/** Added to amplitudes under the logarithm, as in the official analysis. */
const AMPLITUDE_EPSILON = 1e-6

/**
 * How feature maps spread over frequencies (spec section 7): log(|FFT| + 1e-6) with the constant part in the middle, mean over
 * images and channels, of which the diagonal from the middle outwards, less its first value.
 * @param maps [B, h, h, C]
 * @returns [⌈h / 2⌉], 0 first
 */
export function diagonalAmplitudes(maps: tf.Tensor4D): tf.Tensor1D {
  const [batch, side, , channels] = maps.shape
  const planes = permute(maps, [0, 3, 1, 2]).reshape<tf.Tensor2D>([batch * channels, side * side])
  const { cosines, sines } = diagonalWaves(side)
  const [re, im] = [cosines, sines].map((waves) => timesTransposed(planes, waves, null))
  const [log] = computeFused(
    'log amplitude',
    re!.shape,
    [(a, b) => a.square().add(b.square()).sqrt().add(AMPLITUDE_EPSILON).log()],
    [re!, im!],
  )
  const mean = log!.mean<tf.Tensor1D>(0)
  return mean.sub(mean.slice([0], [1]))
}

/** Waves of the frequencies (k, k), not scaled, [⌈side / 2⌉, side²]: no others are needed of a transform. */
function diagonalWaves(side: number): Record<'cosines' | 'sines', tf.Tensor2D> {
  const wave = (of: (angle: number) => number): tf.Tensor2D => {
    const count = Math.ceil(side / 2)
    const values = Float32Array.from({ length: count * side * side }, (_, i) => {
      const [k, pixel] = [Math.floor(i / side ** 2), i % side ** 2]
      return of((2 * Math.PI * ((k * (Math.floor(pixel / side) + (pixel % side))) % side)) / side)
    })
    return tf.tensor2d(values, [count, side * side])
  }
  return { cosines: wave(Math.cos), sines: wave(Math.sin) }
}

/**
 * Variance of a channel over the cells of its map, unbiased, mean over images and channels (spec section 7).
 * @param maps [B, h, w, C], more than one cell
 */
export function spatialVariance(maps: tf.Tensor4D): tf.Scalar {
  const [batch, height, width, channels] = maps.shape
  const cells = height * width
  const columns = permute(maps.reshape<tf.Tensor3D>([batch, cells, channels]), [0, 2, 1])
  const mean = columns.mean(2, true)
  const [square] = computeFused(
    'squared deviation',
    columns.shape,
    [(value: Expression, middle: Expression) => value.sub(middle).square()],
    [columns, mean],
  )
  // Cell by cell first: a sum over everything at once is the work of a single workgroup.
  return square!
    .sum<tf.Tensor2D>(2)
    .mean<tf.Scalar>()
    .div(cells - 1)
}
