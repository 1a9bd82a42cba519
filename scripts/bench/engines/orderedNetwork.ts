import * as tf from '@tensorflow/tfjs'
import type { AttentionSource } from '../../../src/engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../../../src/engine/ops/layerNorm.ts'
import { linear } from '../../../src/engine/ops/linear.ts'
import { mixLayers } from '../../../src/engine/ops/mixLayers.ts'
import { mlp } from '../../../src/engine/ops/mlp.ts'
import type { ParameterSource } from '../../../src/engine/parameters.ts'
import { randsacLoss } from '../../../src/methods/randsac/loss.ts'
import type { MaskKind } from '../../../src/methods/randsac/masks.ts'
import type { RandsacConfig } from '../../../src/methods/randsac/network.ts'
import { sincosPositions } from '../../../src/models/sincos.ts'
import { gridOf } from '../../../src/models/vit.ts'

/** Attention of one of the three kinds, however it is done. */
export type Attend = (source: AttentionSource, kind: MaskKind) => tf.Tensor3D

/** What is trained on, on the GPU. */
export interface OrderedBatch {
  /** [B, N, 3·P·P], at once what is seen and what is to be predicted. */
  readonly patches: tf.Tensor3D
  /** [B, N] */
  readonly ranks: tf.Tensor2D
}

/** RandSAC's network and loss on the parameters of that method, written once more so that the attention can be exchanged. */
export function orderedLoss(
  config: RandsacConfig,
  { patches, ranks }: OrderedBatch,
  parameters: ParameterSource,
  attend: Attend,
): tf.Scalar {
  const { width, depth, decoderDepth, layerNormEpsilon } = config
  const of = (name: string): [weight: tf.Tensor, bias: tf.Tensor] => [
    parameters.get(`${name}.weight`),
    parameters.get(`${name}.bias`),
  ]
  const dense = (x: tf.Tensor3D, name: string, residual?: tf.Tensor): tf.Tensor3D =>
    linear(x, ...of(name), residual && { residual }) as tf.Tensor3D
  const norm = (x: tf.Tensor3D, name: string): tf.Tensor3D =>
    layerNorm(x, ...of(name), layerNormEpsilon)
  const skip = (x: tf.Tensor3D, name: string) => layerNormSkip(x, ...of(name), layerNormEpsilon)
  const lookAround = (x: tf.Tensor3D, name: string, normName: string, kind: MaskKind) => {
    const { normal, skip: residual } = skip(x, normName)
    return dense(attend({ qkv: dense(normal, `${name}.qkv`) }, kind), `${name}.proj`, residual)
  }
  const think = (x: tf.Tensor3D, name: string, normName: string): tf.Tensor3D => {
    const { normal, skip: residual } = skip(x, normName)
    const layers = [...of(`${name}.fc1`), ...of(`${name}.fc2`)] as const
    return mlp(normal, ...layers, { residual }) as tf.Tensor3D
  }

  const grid = gridOf(config)
  const positions = tf.tensor3d(sincosPositions(grid, width), [1, grid * grid, width])
  const [embedding, bias] = of('patch_embed.proj')
  const placed = { residual: positions, inputGradient: false }
  let x = linear(patches, embedding.reshape([width, -1]), bias, placed) as tf.Tensor3D
  const encoded = Array.from({ length: depth }, (_, block) => {
    const name = `blocks.${block}`
    x = lookAround(x, `${name}.attn`, `${name}.norm1`, 'encoder')
    x = think(x, `${name}.mlp`, `${name}.norm2`)
    return x
  })
  const memories = config.skip ? mixLayers(encoded, ...of('skip_connection')) : null
  let y = positions.tile<tf.Tensor3D>([patches.shape[0], 1, 1])
  for (let layer = 0; layer < decoderDepth; layer++) {
    const name = `decoder_blocks.${layer}`
    y = lookAround(y, `${name}.self_attn`, `${name}.norm1`, 'decoderSelf')
    const memory = (memories?.[layer] ?? x) as tf.Tensor3D
    const seen = config.memoryNorm ? norm(memory, `${name}.memory_norm`) : memory
    const { normal, skip: residual } = skip(y, `${name}.norm2`)
    const source = {
      q: dense(normal, `${name}.cross_attn.q`),
      kv: dense(seen, `${name}.cross_attn.kv`),
    }
    y = dense(attend(source, 'memory'), `${name}.cross_attn.proj`, residual)
    y = think(y, `${name}.mlp`, `${name}.norm3`)
  }
  return randsacLoss(dense(norm(y, 'decoder_norm'), 'decoder_pred'), patches, ranks)
}
