import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  FINAL_COLUMNS,
  layerNormCode,
  layerNormFinalCode,
  layerNormGradientCode,
  rowTeams,
} from '../kernels/layerNorm.ts'
import {
  ALONE_COLUMNS,
  ALONE_ROWS,
  LAYER_NORM_ALONE_PARAMETERS_CODE,
  layerNormAloneCode,
  layerNormAloneGradientCode,
  type Lanes,
} from '../kernels/layerNormAlone.ts'
import { emptyTensor } from '../tensors.ts'
import { ownVariant, type Variant } from '../variant.ts'
import { differentiable, differentiableMany } from './differentiable.ts'
import { gelu } from './gelu.ts'

/** Blocks into which the rows are cut for the gradient, at most: the second dispatch adds up one sum a block. */
const MAX_BLOCKS = 512

/**
 * Layer norm over the last axis, y = (x − mean) / √(variance + ε) · weight + bias, with the biased variance.
 *
 * Gradients, with x̂ the normalised x and g = dy · weight: dx = (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε),
 * dweight = Σ dy x̂ and dbias = Σ dy over all rows.
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
  variant: Variant = ownVariant(),
): T {
  return differentiable(
    [x, weight, bias],
    (save) => normalise(x, weight, bias, epsilon, variant, save),
    (dy, saved) => gradients(dy, null, saved, variant),
  )
}

/**
 * Layer norm of x, and x itself for the path that goes past it, as in a pre-norm block: the two gradients of x are added
 * within the kernel of the norm's gradient.
 *
 * Gradients: as `layerNorm`, and dskip is added to dx.
 * @returns normal: the layer norm; skip: x
 */
export function layerNormSkip<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
  variant: Variant = ownVariant(),
): { normal: T; skip: T } {
  const [normal, skip] = differentiableMany(
    [x, weight, bias],
    (save) => [normalise(x, weight, bias, epsilon, variant, save), tf.clone(x)],
    ([dy, dskip], saved) =>
      dy === null
        ? [dskip!.clone(), tf.zerosLike(saved[1]!), tf.zerosLike(saved[1]!)]
        : gradients(dy, dskip, saved, variant),
  )
  return { normal, skip }
}

/**
 * The exact GELU of the layer norm of x, as between the layers of a head; where teams share rows, in one dispatch, and
 * only x is kept for the gradients.
 *
 * Gradients: as `layerNorm`, with dy · gelu′(norm) for dy.
 */
export function layerNormGelu<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
  variant: Variant = ownVariant(),
): T {
  // A thread alone goes over its row several times, and would compute the normal distribution each time.
  if (variant === 'alone') return gelu(layerNorm(x, weight, bias, epsilon, variant))
  return differentiable(
    [x, weight, bias],
    (save) => normalise(x, weight, bias, epsilon, variant, save, true),
    (dy, saved) => gradients(dy, null, saved, variant),
  )
}

/** Saves x, weight, each row's (mean, 1 / √(variance + ε)), and with a GELU the bias. */
function normalise<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
  variant: Variant,
  save: (tensors: tf.Tensor[]) => void,
  withGelu = false,
): T {
  const [rows, width] = sizesOf(x)
  const y = emptyTensor(x.shape)
  const statistics = emptyTensor([rows, 2])
  const bindings = [x, weight, bias, y, statistics]
  if (variant === 'teams')
    kernelNamed(`layer norm${withGelu ? ' gelu' : ''} ${width} ${epsilon}`, () =>
      layerNormCode(width, epsilon, withGelu),
    ).dispatch(bindings, blocksOf(rows, width, MAX_GROUPS))
  else {
    const lanes = lanesOf(width)
    kernelNamed(`layer norm alone ${lanes} ${epsilon}`, () =>
      layerNormAloneCode(lanes, epsilon),
    ).dispatchMany([uniformOf([width / lanes]), ...bindings], groupsFor(rows, ALONE_ROWS))
  }
  save([x, weight, statistics, ...(withGelu ? [bias] : [])])
  return y as T
}

/** Workgroups of the forward pass at most; each takes several rows one after the other beyond it. */
const MAX_GROUPS = 32768

const sizesOf = ({ shape, size }: tf.Tensor): [rows: number, width: number] => {
  const width = shape.at(-1)!
  return [size / width, width]
}

const lanesOf = (width: number): Lanes => (width % 4 === 0 ? 4 : 1)

/** Blocks of rows, such that every team has a row. */
const blocksOf = (rows: number, width: number, most: number): number => {
  const { threads, team } = rowTeams(width)
  return Math.min(most, groupsFor(rows, threads / team))
}

function gradients(
  dy: tf.Tensor,
  dskip: tf.Tensor | null,
  saved: readonly tf.Tensor[],
  variant: Variant,
): tf.Tensor[] {
  const [x, weight, statistics, bias] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?]
  const [rows, width] = sizesOf(x)
  const dx = emptyTensor(x.shape)
  const dweight = emptyTensor([width])
  const dbias = emptyTensor([width])
  const withSkip = dskip !== null
  const kind = withSkip ? 'skip' : bias ? 'gelu' : null
  const extra = [...(withSkip ? [dskip] : []), ...(bias ? [bias] : [])]
  const name = kind === null ? 'layer norm dx' : `layer norm ${kind} dx`
  if (variant === 'alone') {
    const lanes = lanesOf(width)
    kernelNamed(`${name} alone ${lanes}`, () =>
      layerNormAloneGradientCode(lanes, withSkip),
    ).dispatchMany(
      [uniformOf([width / lanes]), x, weight, statistics, dy, dx, ...extra],
      groupsFor(rows, ALONE_ROWS),
    )
    kernelNamed('layer norm dweight alone', () => LAYER_NORM_ALONE_PARAMETERS_CODE).dispatch(
      [uniformOf([width]), x, statistics, dy, dweight, dbias],
      groupsFor(width, ALONE_COLUMNS),
    )
  } else {
    const blocks = blocksOf(rows, width, MAX_BLOCKS)
    const sums = emptyTensor([blocks, 2 * width])
    kernelNamed(`${name} ${width}`, () => layerNormGradientCode(width, kind)).dispatch(
      [x, weight, statistics, dy, dx, sums, ...extra],
      blocks,
    )
    kernelNamed(`layer norm dweight ${width}`, () => layerNormFinalCode(width)).dispatch(
      [sums, dweight, dbias],
      groupsFor(2 * width, FINAL_COLUMNS),
    )
  }
  return [dx, dweight, dbias]
}
