import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../../engine/parameters.ts'
import { patchify } from '../patches.ts'
import type { VitConfig } from '../vit.ts'

/*
 * The vision transformer once more, in tfjs' own operations and without any kernel of ours: slow, and the yardstick for
 * the fused one.
 */

/** Dense layer on the last axis; weight [out, in, ...]. */
export function plainLinear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const outputs = weight.shape[0]
  const rows = x.reshape<tf.Tensor2D>([-1, x.shape.at(-1)!])
  const matrix = weight.reshape<tf.Tensor2D>([outputs, -1])
  return tf
    .matMul(rows, matrix.transpose())
    .add(bias)
    .reshape([...x.shape.slice(0, -1), outputs])
}

function norm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  const off = x.sub(x.mean(-1, true))
  const variance = off.square().mean(-1, true)
  return off.div(variance.add(epsilon).sqrt()).mul(weight).add(bias)
}

const gelu = (x: tf.Tensor): tf.Tensor => x.mul(x.div(Math.SQRT2).erf().add(1)).div(2)

function attention(qkv: tf.Tensor, heads: number): tf.Tensor {
  const [batch, tokens, width3] = qkv.shape as [number, number, number]
  const width = width3 / 3
  const size = width / heads
  const [q, k, v] = [0, 1, 2].map((part) =>
    qkv
      .slice([0, 0, part * width], [-1, -1, width])
      .reshape([batch, tokens, heads, size])
      .transpose([0, 2, 1, 3]),
  )
  const scores = tf.matMul(q!, k!.transpose([0, 1, 3, 2])).mul(size ** -0.5)
  const mixed = tf.matMul(scores.softmax(), v!)
  return mixed.transpose([0, 2, 1, 3]).reshape([batch, tokens, heads * size])
}

/**
 * Images [B, S, S, 3] to features [B, 1 + N, D] after the final norm.
 * @param beforeBlock see `VitOptions`
 */
export function plainVit(
  config: VitConfig,
  parameters: Parameters,
  images: tf.Tensor4D,
  beforeBlock: (tokens: tf.Tensor, block: number) => tf.Tensor,
): tf.Tensor {
  const get = (name: string): tf.Tensor => parameters.get(name)
  const dense = (name: string, x: tf.Tensor): tf.Tensor =>
    plainLinear(x, get(`${name}.weight`), get(`${name}.bias`))
  const normed = (name: string, x: tf.Tensor): tf.Tensor =>
    norm(x, get(`${name}.weight`), get(`${name}.bias`), config.layerNormEpsilon)
  const patches = dense('patch_embed.proj', patchify(images, config.patchSize))
  const classTokens = get('cls_token').mul(tf.ones([patches.shape[0], 1, 1]))
  let x: tf.Tensor = tf.concat([classTokens, patches], 1).add(get('pos_embed'))
  for (let block = 0; block < config.depth; block++) {
    const name = `blocks.${block}`
    x = beforeBlock(x, block)
    const qkv = dense(`${name}.attn.qkv`, normed(`${name}.norm1`, x))
    x = x.add(dense(`${name}.attn.proj`, attention(qkv, config.heads)))
    const hidden = gelu(dense(`${name}.mlp.fc1`, normed(`${name}.norm2`, x)))
    x = x.add(dense(`${name}.mlp.fc2`, hidden))
  }
  return normed('norm', x)
}
