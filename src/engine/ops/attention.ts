import * as tf from '@tensorflow/tfjs'

/** Queries, keys and values of a fused projection, each [batch, heads, tokens, D / heads]. */
function splitHeads(qkv: tf.Tensor3D, heads: number): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] {
  const [batch, tokens, width] = qkv.shape
  const size = width / 3 / heads
  const parts = qkv.reshape([batch, tokens, 3, heads, size]).transpose([2, 0, 3, 1, 4])
  return tf.unstack(parts) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]
}

function probabilitiesOf(q: tf.Tensor4D, k: tf.Tensor4D, bias: tf.Tensor3D | null): tf.Tensor4D {
  const scores = tf.matMul(q, k, false, true).mul(q.shape[3] ** -0.5)
  return tf.softmax(bias === null ? scores : scores.add(bias)) as tf.Tensor4D
}

/**
 * Multi-head self-attention on a fused projection: softmax(q · kᵀ / √(D / heads) + bias) · v for every head.
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
  const [batch, tokens, width] = qkv.shape
  const [q, k, v] = splitHeads(qkv, heads)
  const context = tf.matMul(probabilitiesOf(q, k, bias), v)
  return context.transpose([0, 2, 1, 3]).reshape([batch, tokens, width / 3])
}

/**
 * The attention probabilities of `attention`, for pictures.
 * @returns [batch, heads, query, key]
 */
export function attentionProbabilities(
  qkv: tf.Tensor3D,
  heads: number,
  bias: tf.Tensor3D | null = null,
): tf.Tensor4D {
  return tf.tidy(() => {
    const [q, k] = splitHeads(qkv, heads)
    return probabilitiesOf(q, k, bias)
  })
}
