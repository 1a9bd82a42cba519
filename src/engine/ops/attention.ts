import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf, type Binding } from '../kernel.ts'
import { attentionCode, probabilitiesCode } from '../kernels/attention.ts'
import { keyGradientCode, queryGradientCode } from '../kernels/attentionGradient.ts'
import { tileFor, unitsOf, type AttentionPlan } from '../kernels/attentionTile.ts'
import { emptyTensor } from '../tensors.ts'
import { columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

function planOf(qkv: tf.Tensor3D, heads: number, bias: tf.Tensor3D | null): AttentionPlan {
  const [, tokens, width] = qkv.shape
  const size = width / 3 / heads
  if (!Number.isInteger(size)) throw new Error(`${width} channels are no q, k, v of ${heads} heads`)
  return { tokens, heads, size, bias: bias !== null, tile: tileFor(tokens, size) }
}

/** One workgroup for every tile of tokens of every head of every image. */
function run(
  name: string,
  code: (plan: AttentionPlan) => string,
  plan: AttentionPlan,
  bindings: readonly Binding[],
  images: number,
): void {
  const { tokens, heads, size, bias, tile } = plan
  kernelNamed(`attention ${name} ${tokens} ${heads} ${size}${bias ? ' bias' : ''}`, () =>
    code(plan),
  ).dispatchMany(
    [uniformOf([tokens, unitsOf(plan)]), ...bindings],
    images * heads * groupsFor(tokens, tile),
  )
}

/**
 * Multi-head self-attention on a fused projection: softmax(q · kᵀ / √(D / heads) + bias) · v for every head. The
 * probabilities are not kept; the gradient computes them again from each row's largest score and sum.
 *
 * Gradients, with p the probabilities: dv = pᵀ · dy, ds = p (dy · vᵀ − Σ p (dy · vᵀ)), dq = ds · k / √(D / heads),
 * dk = dsᵀ · q / √(D / heads), dbias = sum of ds over the batch.
 * @param qkv [batch, tokens, 3 D]: the columns of q, then k, then v; in each, head 0 first
 * @param heads divides D
 * @param bias [heads, tokens, tokens] added to the scores (query × key), or null
 * @returns [batch, tokens, D]
 */
export function attention(
  qkv: tf.Tensor3D,
  heads: number,
  bias: tf.Tensor3D | null = null,
): tf.Tensor3D {
  const plan = planOf(qkv, heads, bias)
  const [images, tokens, width] = qkv.shape
  const biases = bias === null ? [] : [bias]
  return differentiable<tf.Tensor3D>(
    [qkv, ...biases],
    (save) => {
      const context = emptyTensor<tf.Rank.R3>([images, tokens, width / 3])
      const statistics = emptyTensor([images, heads, tokens, 2])
      run('context', attentionCode, plan, [qkv, context, statistics, ...biases], images)
      save([qkv, statistics, ...biases])
      return context
    },
    (dy, [input, statistics, ...savedBiases]) => {
      const gradient = emptyTensor(qkv.shape)
      const means = emptyTensor([images, heads, tokens])
      const scores = bias === null ? [] : [emptyTensor([images, heads * tokens * tokens])]
      const forQueries = [input!, statistics!, dy, gradient, means, ...savedBiases, ...scores]
      run('dq', queryGradientCode, plan, forQueries, images)
      const forKeys = [input!, statistics!, dy, means, gradient, ...savedBiases]
      run('dkv', keyGradientCode, plan, forKeys, images)
      const biasGradients = scores.map((ds) => columnSum(ds as tf.Tensor2D).reshape(bias!.shape))
      return [gradient, ...biasGradients]
    },
  )
}

/**
 * The attention probabilities of `attention`, for pictures. Not differentiable.
 * @returns [batch, heads, query, key]
 */
export function attentionProbabilities(
  qkv: tf.Tensor3D,
  heads: number,
  bias: tf.Tensor3D | null = null,
): tf.Tensor4D {
  const [images, tokens] = qkv.shape
  const probabilities = emptyTensor<tf.Rank.R4>([images, heads, tokens, tokens])
  const bindings = [qkv, probabilities, ...(bias === null ? [] : [bias])]
  run('probabilities', probabilitiesCode, planOf(qkv, heads, bias), bindings, images)
  return probabilities
}
