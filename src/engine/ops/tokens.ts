import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  FILL_GRADIENT_CODE,
  gatherTokensCode,
  scatterTokensCode,
  TOKEN_WORKGROUP,
  type TokenPlan,
} from '../kernels/tokens.ts'
import { emptyTensor } from '../tensors.ts'
import { blocksOf, columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

/**
 * Tokens by index: y[r, k] = x[r mod images, indices[r, k]]. With as many rows as images, each image has its own indices;
 * with more, each image has several rows (mask-major, as ExtreMA's masks); with one image, it is a table that all rows
 * read, such as positions.
 *
 * Gradient: the sum of dy over the places that read a token, in a fixed order.
 * @param x [images, tokens, width]
 * @param indices [rows, places], int32 or whole numbers in float32, taken as constants; an index that is no token gives
 * zeros. The rows are a multiple of the images
 * @returns [rows, places, width]
 */
export function gatherTokens(x: tf.Tensor3D, indices: tf.Tensor2D): tf.Tensor3D {
  const [images, , width] = x.shape
  const [rows, places] = indices.shape
  if (rows % images !== 0)
    throw new Error(`${rows} rows of indices cannot be shared out among ${images} images`)
  return differentiable<tf.Tensor3D>(
    [x],
    (save) => {
      save([indices])
      return gather(x, indices, [rows, places, width])
    },
    (dy, [saved]) => [scatter(dy, saved as tf.Tensor2D, x.shape)],
  )
}

/**
 * Puts tokens in their places: y[r, n] = x[r, k] where indices[r, k] = n, and the fill token where there is none. Where
 * an index comes more than once its tokens are added; one that is no token is left out.
 *
 * Gradients: dx[r, k] = dy[r, indices[r, k]], dfill = sum of dy over all filled places.
 * @param x [rows, places, width]
 * @param indices [rows, places], int32 or whole numbers in float32, taken as constants
 * @param tokens number of tokens in a row of the result
 * @param fill [width], or null for zeros
 * @returns [rows, tokens, width]
 */
export function scatterTokens(
  x: tf.Tensor3D,
  indices: tf.Tensor2D,
  tokens: number,
  fill: tf.Tensor1D | null,
): tf.Tensor3D {
  const [rows, places, width] = x.shape
  if (indices.shape[0] !== rows || indices.shape[1] !== places)
    throw new Error(`indices [${indices.shape.join()}] do not fit tokens [${x.shape.join()}]`)
  const shape: [number, number, number] = [rows, tokens, width]
  if (fill === null)
    return differentiable<tf.Tensor3D>(
      [x],
      (save) => {
        save([indices])
        return scatter(x, indices, shape)
      },
      (dy, [saved]) => [gather(dy, saved as tf.Tensor2D, x.shape)],
    )
  return differentiable<tf.Tensor3D>(
    [x, fill],
    (save) => {
      const isFilled = emptyTensor<tf.Rank.R1>([rows * tokens])
      const y = scatter(x, indices, shape, [fill, isFilled])
      save([indices, isFilled])
      return y
    },
    (dy, [saved, isFilled]) => [
      gather(dy, saved as tf.Tensor2D, x.shape),
      fillGradient(dy, isFilled as tf.Tensor1D),
    ],
  )
}

type Shape = [images: number, tokens: number, width: number]

function planOf(
  { dtype }: tf.Tensor,
  width: number,
): { plan: TokenPlan; name: string; lanes: number } {
  const lanes = width % 4 === 0 ? 4 : 1
  const plan: TokenPlan = {
    type: lanes === 4 ? 'vec4f' : 'f32',
    indices: dtype === 'int32' ? 'i32' : 'f32',
  }
  return { plan, name: `${lanes} ${plan.indices}`, lanes }
}

function gather(x: tf.Tensor3D, indices: tf.Tensor2D, shape: Shape): tf.Tensor3D {
  const [images, tokens, width] = x.shape
  const { plan, name, lanes } = planOf(indices, width)
  const result = emptyTensor<tf.Rank.R3>(shape)
  kernelNamed(`token gather ${name}`, () => gatherTokensCode(plan)).dispatchMany(
    [uniformOf([images, tokens, indices.shape[1], width / lanes]), indices, x, result],
    groupsFor(result.size / lanes, TOKEN_WORKGROUP),
  )
  return result
}

function scatter(
  x: tf.Tensor3D,
  indices: tf.Tensor2D,
  shape: Shape,
  filling: readonly tf.Tensor1D[] = [],
): tf.Tensor3D {
  const [images, tokens, width] = shape
  const { plan, name, lanes } = planOf(indices, width)
  const filled = filling.length > 0
  const result = emptyTensor<tf.Rank.R3>(shape)
  kernelNamed(`token scatter ${name}${filled ? ' filled' : ''}`, () =>
    scatterTokensCode(plan, filled),
  ).dispatchMany(
    [uniformOf([images, tokens, indices.shape[1], width / lanes]), indices, x, result, ...filling],
    groupsFor(result.size / lanes, TOKEN_WORKGROUP),
  )
  return result
}

function fillGradient(dy: tf.Tensor3D, isFilled: tf.Tensor1D): tf.Tensor1D {
  const width = dy.shape[2]
  const blocks = blocksOf(isFilled.size)
  const sums = emptyTensor<tf.Rank.R2>([blocks, width])
  kernelNamed('token fill gradient', () => FILL_GRADIENT_CODE).dispatch(
    [uniformOf([width]), isFilled, dy, sums],
    groupsFor(width, TOKEN_WORKGROUP),
    blocks,
  )
  return blocks === 1 ? sums.as1D() : columnSum(sums)
}
