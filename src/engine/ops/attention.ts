import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, type Binding } from '../kernel.ts'
import {
  ATTENTION_WORKGROUP,
  attentionCode,
  keyGradientCode,
  probabilitiesCode,
  queryGradientCode,
  type AttentionPlan,
} from '../kernels/attention.ts'
import { emptyTensor } from '../tensors.ts'
import { columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

const planOf = (qkv: tf.Tensor3D, heads: number, bias: tf.Tensor3D | null): AttentionPlan => ({
  tokens: qkv.shape[1],
  heads,
  size: qkv.shape[2] / 3 / heads,
  bias: bias !== null,
})

/** One thread for every token of every head. */
function run(
  name: string,
  code: (plan: AttentionPlan) => string,
  plan: AttentionPlan,
  bindings: readonly Binding[],
  images: number,
): void {
  const { tokens, heads, size, bias } = plan
  kernelNamed(`attention ${name} ${tokens} ${heads} ${size}${bias ? ' bias' : ''}`, () =>
    code(plan),
  ).dispatchMany(bindings, groupsFor(images * heads * tokens, ATTENTION_WORKGROUP))
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
      run('', attentionCode, plan, [qkv, context, statistics, ...biases], images)
      save([qkv, statistics, ...biases])
      return context
    },
    (dy, [input, statistics, ...savedBiases]) => {
      const gradient = emptyTensor(qkv.shape)
      const probabilities = emptyTensor([images, heads, tokens, tokens])
      const scores = emptyTensor<tf.Rank.R4>([images, heads, tokens, tokens])
      const given = [input!, statistics!, dy, gradient, probabilities, scores, ...savedBiases]
      run('dq', queryGradientCode, plan, given, images)
      const rest = [input!, dy, probabilities, scores, gradient]
      run('dkv', keyGradientCode, { ...plan, bias: false }, rest, images)
      const gradients: tf.Tensor[] = [gradient]
      if (bias !== null) {
        const sum = columnSum(scores.as2D(images, heads * tokens * tokens))
        gradients.push(sum.reshape(bias.shape))
      }
      return gradients
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
