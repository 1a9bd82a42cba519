import * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import type { Strips } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import {
  errorPainter,
  hiddenPixels,
  maskPainter,
  networkPainter,
  paintStrips,
  pastePainter,
  samplePainter,
  type Painter,
} from '../../painting.ts'
import { networkConfig } from '../config.ts'
import { A2mimNetwork } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { maskColumns, predictionColumns } from './columns.ts'
import { MaskedSamples } from './maskedSamples.ts'
import { inputPainter } from './painters.ts'

/** Original, mask and masked input, computed on the host. */
export function maskStrips(settings: A2mimSettings, samples: Samples, maskSeed: number): Strips {
  const masked = new MaskedSamples(settings, samples, maskSeed)
  const strips = paintStrips(samples, masked.counted, maskColumns(settings), (row) =>
    maskPainters(settings, masked, row, samplePainter(samples, row)),
  )
  return inItsUnit(settings, strips)
}

/** All columns: those of `maskStrips` and what the network makes of them. */
export async function predictionStrips(
  settings: A2mimSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Strips> {
  const masked = new MaskedSamples(settings, samples, maskSeed)
  const config = networkConfig(settings)
  const predict = (): tf.Tensor4D =>
    tf.tidy(() => {
      const { mask, pixelMask } = masked.tensors()
      return new A2mimNetwork(config, parameters).predict(masked.fill(views, pixelMask), mask)
    })
  const name = `strips ${views.shape[0]} ${masked.name} ${JSON.stringify(config)}`
  const values = await readAhead(name, predict)
  const columns = [...maskColumns(settings), ...predictionColumns]
  const strips = paintStrips(samples, masked.counted, columns, (row) => {
    const original = samplePainter(samples, row)
    const prediction = networkPainter(values, row, CIFAR_NORMALISATION)
    const hidden = hiddenPixels(masked.masks[row]!, masked.cell)
    const pasted = pastePainter(hidden, prediction, original)
    return [
      ...maskPainters(settings, masked, row, original),
      prediction,
      pasted,
      errorPainter(pasted, original),
    ]
  })
  return inItsUnit(settings, strips)
}

/** A network without patches is shown blocks. */
const inItsUnit = ({ architecture }: A2mimSettings, strips: Strips): Strips =>
  architecture === 'vit'
    ? strips
    : { ...strips, masked: strips.masked.map((row) => ({ ...row, unit: 'block' })) }

/** The cells of `maskColumns` in one row. */
function maskPainters(
  settings: A2mimSettings,
  masked: MaskedSamples,
  row: number,
  original: Painter,
): Painter[] {
  const hidden = hiddenPixels(masked.masks[row]!, masked.cell)
  return [original, maskPainter(hidden), inputPainter(settings, masked, row, original)]
}
