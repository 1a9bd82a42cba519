import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { gridOf, Vit } from '../../../models/vit.ts'
import type { AttentionPart, AttentionPicture } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { paint, samplePainter } from '../../painting.ts'
import { vitConfig } from '../config.ts'
import type { A2mimSettings } from '../settings.ts'

const trunk = {
  id: 'trunk',
  label: 'Self-attention',
  help: 'How much every token of the unmasked image looks at every other one.',
  queries: 'all',
  classKey: true,
} as const satisfies Partial<AttentionPart>

/** Attention of every layer and head on one unmasked image; null where the network has none. */
export async function attentionPicture(
  settings: A2mimSettings,
  sample: Samples,
  _maskSeed: number,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<AttentionPicture | null> {
  if (settings.architecture !== 'vit') return null
  const config = vitConfig(settings)
  const look = (): tf.Tensor =>
    tf.tidy(() => {
      const layers: tf.Tensor4D[] = []
      const vit = new Vit(config, parameters)
      vit.encode(vit.embed(view), {
        onAttention: (probabilities) => layers.push(probabilities),
      })
      return tf.concat(layers, 0)
    })
  const weights = await readAhead(`attention ${JSON.stringify(config)}`, look)
  return {
    kind: 'attention',
    sample: sample.indices[0]!,
    grid: gridOf(config),
    image: paint(samplePainter(sample, 0)),
    size: IMAGE_SIZE,
    parts: [{ ...trunk, layers: config.depth, heads: config.heads, weights }],
  }
}
