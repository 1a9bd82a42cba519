import * as tf from '@tensorflow/tfjs'
import { groupsFor } from '../kernel.ts'
import { emptyTensor } from '../tensors.ts'
import { encodeProduct } from './product.ts'
import { sumLayers } from './sumLayers.ts'

/** Pieces of the inner axis of a weight gradient: as many as make this many tiles of 4 × 8 results in all. */
const WANTED_TILES = 16384
/** Inner indices of a piece at least. */
const MIN_CHUNK = 64

/** Inner indices of each partial result: from the sizes alone, so that no variant changes the bits. */
function chunkOf(rows: number, columns: number, depth: number): number {
  const tiles = groupsFor(rows, 4) * groupsFor(columns, 8)
  const wanted = Math.min(groupsFor(WANTED_TILES, tiles), groupsFor(depth, MIN_CHUNK))
  // The kernels take four inner indices at a time.
  return wanted === 1 ? depth : 4 * groupsFor(depth, 4 * wanted)
}

const transposedSizes = (a: tf.Tensor2D, b: tf.Tensor2D) => ({
  rows: a.shape[0],
  columns: b.shape[0],
  depth: a.shape[1],
})

/**
 * a · bᵀ (+ bias to every row) (+ residual). Not differentiable.
 * @param a [rows, depth]
 * @param b [columns, depth]
 * @param bias [columns]
 * @param residual [rows, columns], or fewer rows that are repeated
 */
export function timesTransposed(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  bias: tf.Tensor | null,
  residual: tf.Tensor2D | null = null,
): tf.Tensor2D {
  const sizes = transposedSizes(a, b)
  const result = emptyTensor<tf.Rank.R2>([sizes.rows, sizes.columns])
  encodeProduct(
    {
      layout: 'NT',
      a,
      b,
      ...sizes,
      extras: [
        ...(bias === null ? [] : [['bias', bias] as const]),
        ...(residual === null ? [] : [['residual', residual] as const]),
      ],
      repeat: residual?.shape[0],
    },
    result,
  )
  return result
}

/** `before` = a · bᵀ + bias and `activated` = its exact GELU, in one dispatch. Not differentiable. */
export function timesTransposedGelu(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  bias: tf.Tensor,
): { before: tf.Tensor2D; activated: tf.Tensor2D } {
  const sizes = transposedSizes(a, b)
  const shape: [number, number] = [sizes.rows, sizes.columns]
  const [before, activated] = [emptyTensor<tf.Rank.R2>(shape), emptyTensor<tf.Rank.R2>(shape)]
  encodeProduct(
    {
      layout: 'NT',
      a,
      b,
      ...sizes,
      extras: [
        ['bias', bias],
        ['gelu', activated],
      ],
    },
    before,
  )
  return { before, activated }
}

/** a · b, for a [rows, depth] and b [depth, columns]. Not differentiable. */
export function times(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [rows, depth] = a.shape
  const [, columns] = b.shape
  const result = emptyTensor<tf.Rank.R2>([rows, columns])
  encodeProduct({ layout: 'NN', a, b, rows, columns, depth }, result)
  return result
}

/**
 * From the gradient after a layer on top of a GELU to that before the GELU: `gradient` = (dy · weight) ⊙ gelu′(before),
 * and `activated` = gelu(before) once more, in one dispatch. Not differentiable.
 * @param dy [rows, out]
 * @param weight [out, in]
 * @param before [rows, in]
 */
export function timesGeluGradient(
  dy: tf.Tensor2D,
  weight: tf.Tensor2D,
  before: tf.Tensor2D,
): { gradient: tf.Tensor2D; activated: tf.Tensor2D } {
  const [rows, depth] = dy.shape
  const [, columns] = weight.shape
  const shape: [number, number] = [rows, columns]
  const [gradient, activated] = [emptyTensor<tf.Rank.R2>(shape), emptyTensor<tf.Rank.R2>(shape)]
  const extras = [['geluGradient', before, activated]] as const
  encodeProduct({ layout: 'NN', a: dy, b: weight, rows, columns, depth, extras }, gradient)
  return { gradient, activated }
}

/**
 * Gradients of the weight and (where `withBias`) the bias of a dense layer: dyᵀ · x and the sums of dy's columns, in at
 * most two dispatches. Not differentiable.
 * @param dy [rows, out]
 * @param x [rows, in]
 * @returns [out, in] and [out]
 */
export function weightGradients(dy: tf.Tensor2D, x: tf.Tensor2D, withBias: boolean): tf.Tensor[] {
  const [depth, rows] = dy.shape
  const [, columns] = x.shape
  const chunk = chunkOf(rows, columns, depth)
  const chunks = groupsFor(depth, chunk)
  const product = { layout: 'TN', a: dy, b: x, rows, columns, depth, chunk } as const
  return tf.tidy(() => {
    const partial = emptyTensor([chunks, rows, columns])
    const sums = withBias ? emptyTensor([chunks, rows]) : undefined
    encodeProduct({ ...product, sums }, partial)
    const layers = sums === undefined ? [partial] : [partial, sums]
    return chunks === 1
      ? layers.map((layer) => layer.reshape(layer.shape.slice(1)))
      : sumLayers(layers)
  })
}
