import * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { IMAGE_SIZE } from '../../data/images.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { readAhead } from '../../engine/recording/compileAhead.ts'
import { Stream } from '../../engine/random.ts'
import { gridOf } from '../../models/vit.ts'
import type { AttentionPart, AttentionPicture, StripColumn, Strips } from '../../pictures.ts'
import type { Samples } from '../method.ts'
import {
  errorPainter,
  hiddenPixels,
  maskPainter,
  meanPainter,
  networkPainter,
  paint,
  paintStrips,
  pastePainter,
  samplePainter,
  type Painter,
} from '../painting.ts'
import { maskShape, networkConfig } from './config.ts'
import { drawBlockMask } from './masking.ts'
import { A2mimNetwork, fillWithMean, pixelMaskOf } from './network.ts'
import type { A2mimSettings } from './settings.ts'

const maskColumns: readonly StripColumn[] = [
  { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
  { id: 'mask', label: 'Mask', help: 'Hidden blocks are dark, visible ones light.' },
  {
    id: 'masked',
    label: 'Masked input',
    help: 'What the network sees: hidden pixels have the mean colour of the whole image.',
  },
]

const predictionColumns: readonly StripColumn[] = [
  {
    id: 'reconstruction',
    label: 'Reconstruction',
    help: 'What the network paints, everywhere.',
    needsNetwork: true,
  },
  {
    id: 'pasted',
    label: 'Paste-in',
    help: 'The visible pixels as they are, the hidden ones as the network paints them.',
    needsNetwork: true,
  },
  {
    id: 'error',
    label: 'Error',
    help: 'Absolute difference between paste-in and original, averaged over colours; brighter is worse.',
    needsNetwork: true,
  },
]

const trunk = {
  id: 'trunk',
  label: 'Self-attention',
  help: 'How much every token of the unmasked image looks at every other one.',
  queries: 'all',
  classKey: true,
} as const satisfies Partial<AttentionPart>

/** The mask of every sample, by (seed, seed of the masks, data-set index): the same while training goes on. */
function sampleMasks(
  settings: A2mimSettings,
  { indices }: Samples,
  maskSeed: number,
): Float32Array[] {
  const shape = maskShape(settings)
  return indices.map((index) => {
    const mask = new Float32Array((IMAGE_SIZE / shape.patchSize) ** 2)
    const address = [settings.seed, Stream.sampleMask, maskSeed, index] as const
    drawBlockMask(shape, settings.maskRatio, address, mask)
    return mask
  })
}

/** The cells of one row: those of `maskColumns`, and those of `predictionColumns` where there is a prediction. */
function rowPainters(
  original: Painter,
  mask: Float32Array,
  patchSize: number,
  prediction?: Painter,
): Painter[] {
  const hidden = hiddenPixels(mask, patchSize)
  const masked = pastePainter(hidden, meanPainter(original), original)
  const known = [original, maskPainter(hidden), masked]
  if (prediction === undefined) return known
  const pasted = pastePainter(hidden, prediction, original)
  return [...known, prediction, pasted, errorPainter(pasted, original)]
}

/** Original, mask and masked input, computed on the host. */
export function maskStrips(settings: A2mimSettings, samples: Samples, maskSeed: number): Strips {
  const masks = sampleMasks(settings, samples, maskSeed)
  const { patchSize } = maskShape(settings)
  return paintStrips(samples, masks, maskColumns, (row) =>
    rowPainters(samplePainter(samples, row), masks[row]!, patchSize),
  )
}

/** All columns: those of `maskStrips` and what the network makes of them. */
export async function predictionStrips(
  settings: A2mimSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Strips> {
  const masks = sampleMasks(settings, samples, maskSeed)
  const config = networkConfig(settings)
  const predict = (): tf.Tensor4D =>
    tf.tidy(() => {
      const mask = tf.tensor2d(
        masks.flatMap((row) => [...row]),
        [masks.length, gridOf(config) ** 2],
      )
      const filled = fillWithMean(views, pixelMaskOf(mask, config.patchSize))
      return new A2mimNetwork(config, parameters).predict(filled, mask)
    })
  const values = await readAhead(`strips ${masks.length} ${JSON.stringify(config)}`, predict)
  return paintStrips(samples, masks, [...maskColumns, ...predictionColumns], (row) =>
    rowPainters(
      samplePainter(samples, row),
      masks[row]!,
      config.patchSize,
      networkPainter(values, row, CIFAR_NORMALISATION),
    ),
  )
}

/** Attention of every layer and head on one unmasked image. */
export async function attentionPicture(
  settings: A2mimSettings,
  sample: Samples,
  _maskSeed: number,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<AttentionPicture> {
  const config = networkConfig(settings)
  const look = (): tf.Tensor =>
    tf.tidy(() => {
      const layers: tf.Tensor4D[] = []
      new A2mimNetwork(config, parameters).encode(view, {
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
