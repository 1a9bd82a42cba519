import type * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { IMAGE_SIZE } from '../../data/images.ts'
import { Stream } from '../../engine/random.ts'
import { randomNormal } from '../../engine/ops/random.ts'
import { clockBytes, clockOf } from '../../engine/ops/stepClock.ts'
import { drawPaths, pathFactors } from '../../models/dropPath.ts'
import { lastResnetLayer, resnetLayerOf } from '../../models/resnet.ts'
import { vitLayerOf } from '../../models/vit.ts'
import type { Method, StepBatch } from '../method.ts'
import { maskShape, networkConfig, resnetConfig, stepConfig } from './config.ts'
import { needsNoise, type PixelNoise } from './corruption.ts'
import { features } from './features.ts'
import { drawBlockMask } from './masking.ts'
import { networkParameters } from './network.ts'
import { activationsPicture } from './pictures/activations.ts'
import { attentionPicture } from './pictures/attention.ts'
import { leakPicture } from './pictures/leak.ts'
import { spectrumPicture } from './pictures/spectrum.ts'
import { maskStrips, predictionStrips } from './pictures/strips.ts'
import type { A2mimSettings } from './settings.ts'
import { a2mimStep } from './step.ts'

/** A²MIM on a ViT or a ResNet (spec sections 2 to 6). */
export const method: Method<A2mimSettings> = {
  id: 'a2mim',
  normalisation: CIFAR_NORMALISATION,

  views: ({ cropScaleMin, flipProbability }) => [
    { crop: { scaleMin: cropScaleMin, flipProbability } },
  ],

  parameters: (settings) => networkParameters(networkConfig(settings), settings.seed),

  stepInputs(settings, { seed, step }, batch) {
    const shape = maskShape(settings)
    const cells = (IMAGE_SIZE / shape.patchSize) ** 2
    const mask = new Uint8Array(batch * cells)
    for (let sample = 0; sample < batch; sample++)
      drawBlockMask(
        shape,
        settings.maskRatio,
        [seed, Stream.mask, step, sample],
        mask,
        sample * cells,
      )
    const { architecture, dropPath, depth, fill } = settings
    const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) })
    return {
      mask: { shape: [batch, cells], data: mask },
      frequencyWeight: scalar(settings.frequencyWeight),
      visibleGradient: scalar(settings.visibleGradient),
      ...(architecture === 'vit' && dropPath > 0 && drawPaths(dropPath, depth, batch, seed, step)),
      ...(needsNoise(fill) && {
        noiseLevel: scalar(settings.noiseLevel),
        noiseClock: clockBytes(seed, step),
      }),
    }
  },

  loss: ({ views, inputs }, parameters, settings) =>
    a2mimStep(
      stepConfig(settings),
      {
        images: views[0]!,
        mask: inputs.mask as tf.Tensor2D,
        frequencyWeight: inputs.frequencyWeight!,
        visibleGradient: inputs.visibleGradient!,
        noise: needsNoise(settings.fill) ? noiseOf(views[0]!.shape, inputs) : undefined,
        pathFactors: inputs.keptPaths && pathFactors(inputs.keptPaths, inputs.pathScales!),
      },
      parameters,
    ),

  features,
  layerOf: (settings, name) =>
    settings.architecture === 'vit'
      ? vitLayerOf(name, settings)
      : resnetLayerOf(name, resnetConfig(settings)),
  lastLayer: (settings) =>
    1 +
    (settings.architecture === 'vit' ? settings.depth : lastResnetLayer(resnetConfig(settings))),

  preview: maskStrips,
  strips: predictionStrips,
  attention: attentionPicture,
  spectrum: spectrumPicture,
  activations: activationsPicture,
  leak: leakPicture,
}

/** Noise for a batch, drawn on the GPU: that of an image comes from the run's seed, the step and its place in the batch. */
const noiseOf = (shape: tf.Tensor4D['shape'], inputs: StepBatch['inputs']): PixelNoise => ({
  values: randomNormal<tf.Rank.R4>(shape, {
    clock: clockOf(inputs.noiseClock!),
    stream: Stream.noise,
  }),
  level: inputs.noiseLevel!,
})
