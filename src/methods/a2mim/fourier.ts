import * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { meanProduct } from '../../engine/ops/meanLoss.ts'
import { permute } from '../../engine/ops/permute.ts'
import { timesConstant } from '../../models/broadcast.ts'

/** Added under the root of D in the plain form, where the gradient goes through it. */
const ROOT_EPSILON = 1e-12

/** Keeps 0 / 0 away. */
const SMALLEST = 1e-30

/**
 * Orthonormal 2-D DFT of every channel of square images, as products with real matrices.
 * @param images [B, S, S, C]
 * @returns re, im: [B, C, S, S], the frequency down the columns first, then that along the rows
 */
export function dft2(images: tf.Tensor4D): { re: tf.Tensor4D; im: tf.Tensor4D } {
  const [batch, side, , channels] = images.shape
  const { down, real, imaginary } = fourierMatrices(side)
  const columns = permute(images, [0, 3, 2, 1]).reshape([batch * channels * side, side])
  // From [B·C, column, (cos | sin), frequency down] to [B·C · frequency down, (cos | sin) · column].
  const parts = timesConstant(columns as tf.Tensor2D, down)
  const half = permute(
    parts.reshape<tf.Tensor4D>([batch * channels, side, 2, side]),
    [0, 3, 2, 1],
  ).reshape([batch * channels * side, 2 * side])
  const along = (matrix: tf.Tensor2D): tf.Tensor4D =>
    timesConstant(half as tf.Tensor2D, matrix).reshape([batch, channels, side, side])
  return { re: along(real), im: along(imaginary) }
}

/**
 * With C and S the cosines and sines of 2π k n / side over the root of the side, and X a column or a row: `down`
 * [2·side, side] gives (C X | S X); `real` and `imaginary` [side, 2·side] make of (C X | S X) for every column the real
 * part C·(C X) − S·(S X) and the imaginary part −S·(C X) − C·(S X).
 */
function fourierMatrices(side: number): Record<'down' | 'real' | 'imaginary', tf.Tensor2D> {
  const wave = (of: (angle: number) => number): number[][] =>
    Array.from({ length: side }, (_, k) =>
      Array.from({ length: side }, (_, n) => {
        const angle = (2 * Math.PI * ((k * n) % side)) / side
        return of(angle) / Math.sqrt(side)
      }),
    )
  const [c, s] = [wave(Math.cos), wave(Math.sin)]
  const minus = (rows: number[][]): number[][] => rows.map((row) => row.map((value) => -value))
  const beside = (left: number[][], right: number[][]): number[][] =>
    left.map((row, k) => [...row, ...right[k]!])
  return {
    down: tf.tensor2d([...c, ...s]),
    real: tf.tensor2d(beside(c, minus(s))),
    imaginary: tf.tensor2d(beside(minus(s), minus(c))),
  }
}

/** How the focal weight of a frequency comes from its distance D. */
export interface Focus {
  /** Exponent alpha of D. */
  readonly exponent: number
  /** log(1 + D^alpha) instead of D^alpha. */
  readonly log: boolean
  /** Whether the maximum that becomes 1 is taken over each image or over the batch. */
  readonly maximum: 'image' | 'batch'
}

/**
 * Focal weight of every frequency: D^alpha or log(1 + D^alpha), divided by its maximum, within [0, 1]. 0 where all D
 * under one maximum are 0. Has no gradient of use: it is meant to be held constant.
 * @param power D² [B, C, S, S]
 */
export function focalWeight(power: tf.Tensor4D, focus: Focus): tf.Tensor4D {
  const { exponent, log, maximum } = focus
  const raw = fuse('focal weight', [power], [], (squared) => {
    const distance = distancePower(squared, exponent)
    return log ? distance.add(1).log() : distance
  })
  const largest = raw.max(maximum === 'image' ? [1, 2, 3] : undefined, true)
  return fuse('focal weight share', [raw], [largest], (weight, most) => {
    const share = weight.div(most.max(SMALLEST))
    // min(share, 1), which rounding may exceed.
    return share.neg().max(-1).neg().max(0)
  })
}

/** D^alpha from D²: the usual exponents by roots, as GPUs compute pow with fewer bits; 0 where D is 0, 1 where alpha is. */
function distancePower(squared: Expression, exponent: number): Expression {
  if (exponent === 0) return Expression.constant(1)
  if (exponent === 1) return squared.sqrt()
  if (exponent === 2) return squared
  return squared
    .max(SMALLEST)
    .log()
    .mul(exponent / 2)
    .exp()
    .mul(squared.sub(SMALLEST).step())
}

/**
 * Fourier loss of residuals q − x. The transform is linear, so the distance of two spectra is the spectrum of the
 * difference, and averaging spectra over the batch is averaging residuals.
 * Focal: mean of w D² with w = `focalWeight` held constant. Plain: mean of ell(D).
 * @param residual [B, S, S, C]
 * @param ell the spatial distance, applied to D in the plain form
 */
export function frequencyLoss(
  residual: tf.Tensor4D,
  form: { readonly spectra: 'perImage' | 'batchMean'; readonly focus: Focus | null },
  ell: (distance: tf.Tensor) => tf.Tensor,
): tf.Scalar {
  const images = form.spectra === 'batchMean' ? residual.mean<tf.Tensor4D>(0, true) : residual
  const { re, im } = dft2(images)
  const power = fuse('power', [re, im], [], (a, b) => a.square().add(b.square()))
  if (form.focus === null) return ell(power.add(ROOT_EPSILON).sqrt()).mean()
  // The weight is a constant factor: no gradient flows through it.
  return meanProduct(power, focalWeight(power, form.focus))
}
