import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf, type Binding } from '../kernel.ts'
import {
  MATMUL_WORKGROUP,
  matmulCode,
  TILE_COLUMNS,
  TILE_ROWS,
  type Layout,
} from '../kernels/matmul.ts'
import type { Extra } from '../kernels/matmulEpilogue.ts'
import { emptyTensor } from '../tensors.ts'
import { sumLayers } from './sumLayers.ts'

/** Threads that a weight gradient should keep busy; where its result has fewer tiles, the inner axis is cut up. */
const WANTED_THREADS = 16384
/** Inner indices that a thread sums at least. */
const MIN_CHUNK = 64

interface Product {
  readonly layout: Layout
  readonly a: Binding
  readonly b: Binding
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Inner indices to each partial result; all of them where left out. */
  readonly chunk?: number
  /** What is done with the result, and the tensors for it in the order of `Extra`. */
  readonly extras?: readonly (readonly [extra: Extra, ...tensors: Binding[]])[]
  /** Rows of the residual. */
  readonly repeat?: number
  /** Takes the column sums of a. */
  readonly sums?: Binding
}

/** Encodes one product into `result`. */
function encode(product: Product, result: Binding): void {
  const { layout, a, b, rows, columns, depth, chunk = depth, extras = [], repeat = rows } = product
  // What must come in fours are the widths of the stored matrices.
  const aligned = (layout === 'TN' ? rows : depth) % 4 === 0 && columns % 4 === 0
  const columnSums = product.sums !== undefined
  const names = extras.map(([extra]) => extra)
  const tags = [layout, ...names, ...(columnSums ? ['sums'] : []), ...(aligned ? ['aligned'] : [])]
  const plan = { layout, aligned, extras: names, columnSums }
  kernelNamed(`matmul ${tags.join(' ')}`, () => matmulCode(plan)).dispatch(
    [
      uniformOf([rows, columns, depth, chunk, repeat]),
      a,
      b,
      result,
      ...extras.flatMap(([, ...tensors]) => tensors),
      ...(product.sums === undefined ? [] : [product.sums]),
    ],
    groupsFor(columns, TILE_COLUMNS * MATMUL_WORKGROUP) + (columnSums ? 1 : 0),
    groupsFor(rows, TILE_ROWS * MATMUL_WORKGROUP),
    groupsFor(depth, chunk),
  )
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
  encode(
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
  encode(
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
  encode({ layout: 'NN', a, b, rows, columns, depth }, result)
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
  encode({ layout: 'NN', a: dy, b: weight, rows, columns, depth, extras }, gradient)
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
  const tiles = groupsFor(rows, TILE_ROWS) * groupsFor(columns, TILE_COLUMNS)
  const wanted = Math.min(groupsFor(WANTED_THREADS, tiles), groupsFor(depth, MIN_CHUNK))
  const chunk = groupsFor(depth, wanted)
  const chunks = groupsFor(depth, chunk)
  const product = { layout: 'TN', a: dy, b: x, rows, columns, depth, chunk } as const
  return tf.tidy(() => {
    const partial = emptyTensor([chunks, rows, columns])
    const sums = withBias ? emptyTensor([chunks, rows]) : undefined
    encode({ ...product, sums }, partial)
    const layers = sums === undefined ? [partial] : [partial, sums]
    return chunks === 1
      ? layers.map((layer) => layer.reshape(layer.shape.slice(1)))
      : sumLayers(layers)
  })
}
