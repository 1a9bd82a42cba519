import * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { gridOf } from '../../../models/vit.ts'
import type { Strips } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import {
  errorPainter,
  hiddenPixels,
  maskPainter,
  meanPainter,
  networkPainter,
  paintStrips,
  pastePainter,
  samplePainter,
  type Painter,
} from '../../painting.ts'
import { maskShape, networkConfig } from '../config.ts'
import { A2mimNetwork, fillWithMean, pixelMaskOf } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { maskColumns, predictionColumns } from './columns.ts'
import { sampleMasks } from './sampleMasks.ts'

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
