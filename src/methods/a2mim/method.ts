import type * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { IMAGE_SIZE } from '../../data/images.ts'
import { Stream } from '../../engine/random.ts'
import { drawPaths, pathFactors } from '../../models/dropPath.ts'
import { vitLayerOf } from '../../models/vit.ts'
import type { Method } from '../method.ts'
import { lossForm, maskShape, networkConfig } from './config.ts'
import { features } from './features.ts'
import { drawBlockMask } from './masking.ts'
import { networkParameters } from './network.ts'
import { attentionPicture } from './pictures/attention.ts'
import { maskStrips, predictionStrips } from './pictures/strips.ts'
import type { A2mimSettings } from './settings.ts'
import { a2mimStep } from './step.ts'

/** A²MIM on a ViT (spec sections 2 to 6). */
export const method: Method<A2mimSettings> = {
  id: 'a2mim',
  normalisation: CIFAR_NORMALISATION,

  views: ({ cropScaleMin, flipProbability }) => [
    { crop: { scaleMin: cropScaleMin, flipProbability } },
  ],

  parameters: (settings) => networkParameters(networkConfig(settings), settings.seed),

  stepInputs(settings, { seed, step }, batch) {
    const shape = maskShape(settings)
    const patches = (IMAGE_SIZE / shape.patchSize) ** 2
    const mask = new Uint8Array(batch * patches)
    for (let sample = 0; sample < batch; sample++)
      drawBlockMask(
        shape,
        settings.maskRatio,
        [seed, Stream.mask, step, sample],
        mask,
        sample * patches,
      )
    const { dropPath, depth } = settings
    return {
      mask: { shape: [batch, patches], data: mask },
      frequencyWeight: { shape: [], data: Float32Array.of(settings.frequencyWeight) },
      visibleGradient: { shape: [], data: Float32Array.of(settings.visibleGradient) },
      ...(dropPath > 0 && drawPaths(dropPath, depth, batch, seed, step)),
    }
  },

  loss: ({ views, inputs }, parameters, settings) =>
    a2mimStep(
      networkConfig(settings),
      lossForm(settings),
      {
        images: views[0]!,
        mask: inputs.mask as tf.Tensor2D,
        frequencyWeight: inputs.frequencyWeight!,
        visibleGradient: inputs.visibleGradient!,
        pathFactors: inputs.keptPaths && pathFactors(inputs.keptPaths, inputs.pathScales!),
      },
      parameters,
    ),

  features,
  layerOf: (settings, name) => vitLayerOf(name, settings),
  lastLayer: ({ depth }) => depth + 1,

  preview: maskStrips,
  strips: predictionStrips,
  attention: attentionPicture,
}
