import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import { hiddenPixels, meanPainter, pastePainter, type Painter } from '../../painting.ts'
import type { A2mimSettings } from '../settings.ts'
import type { MaskedSamples } from './maskedSamples.ts'

const { mean, deviation } = CIFAR_NORMALISATION

/** Bytes that a picture can show. */
const shown = (value: number): number => Math.min(255, Math.max(0, value))

/** What stands in the hidden pixels, as the fill of the same name makes it of normalised values. */
const FILLS: Record<
  A2mimSettings['fill'],
  (original: Painter, noise: (channel: number, pixel: number) => number) => Painter
> = {
  mean: meanPainter,
  zero: () => (channel) => 255 * mean[channel]!,
  noise: (_, noise) => (channel, pixel) =>
    shown(255 * (mean[channel]! + deviation[channel]! * noise(channel, pixel))),
  noisy: (original, noise) => (channel, pixel) =>
    shown(original(channel, pixel) + 255 * deviation[channel]! * noise(channel, pixel)),
  unfilled: (original) => original,
}

/** An image as the network is given it: painted on the host, with the same noise as on the GPU. */
export function inputPainter(
  { fill, noiseLevel }: A2mimSettings,
  { masks, cell, noise }: MaskedSamples,
  row: number,
  original: Painter,
): Painter {
  const drawn = (channel: number, pixel: number): number =>
    noiseLevel * noise![row]![3 * pixel + channel]!
  const hidden = hiddenPixels(masks[row]!, cell)
  return pastePainter(hidden, FILLS[fill](original, drawn), original)
}
