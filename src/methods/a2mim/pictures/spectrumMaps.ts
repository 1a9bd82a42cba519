import * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../../engine/fuse/expression.ts'
import { computeFused } from '../../../engine/ops/fuse.ts'
import { dft2, focalWeight } from '../fourier.ts'
import { visibleResidual, type LossForm } from '../loss.ts'

/** What the Fourier loss is given. */
export interface Compared {
  /** [B, S, S, 3], normalised. */
  readonly prediction: tf.Tensor4D
  readonly target: tf.Tensor4D
  /** [B, S, S, 1], 1 = hidden. */
  readonly pixelMask: tf.Tensor4D
  /** Scalar u: see `visibleResidual`. */
  readonly visibleGradient: tf.Tensor
}

/** Spectra [B, S, S], frequency 0 first; means over the colour channels where nothing else is said. */
export interface SpectrumMaps {
  /** What stands in the image's place in the loss, [B, S, S, 3]. */
  readonly compared: tf.Tensor4D
  /** |FFT(q) − FFT(x)|. */
  readonly distance: tf.Tensor3D
  /** The same of the spectra averaged over the images, [1, S, S]; null where the loss averages none. */
  readonly averaged: tf.Tensor3D | null
  /** Focal weight, the largest of the channels; one for all images where the loss averages spectra; null where it has none. */
  readonly weight: tf.Tensor3D | null
  /** |FFT(x)|. */
  readonly image: tf.Tensor3D
}

/** Everything that the Fourier loss makes of some images, by the loss's own parts. Not differentiable. */
export function spectrumMaps(
  { prediction, target, pixelMask, visibleGradient }: Compared,
  { replacement, spectra, focus }: LossForm,
): SpectrumMaps {
  const residual = visibleResidual(prediction, target, pixelMask, visibleGradient, replacement)
  const power = powerOf(residual)
  const averaged = spectra === 'batchMean' ? powerOf(residual.mean<tf.Tensor4D>(0, true)) : null
  return {
    compared: residual.add(target),
    distance: amplitudeOf(power),
    averaged: averaged && amplitudeOf(averaged),
    weight: focus && largestOf(focalWeight(averaged ?? power, focus)),
    image: imageAmplitude(target),
  }
}

/** |FFT| of images [B, S, S, C], mean over the channels: [B, S, S]. Not differentiable. */
export const imageAmplitude = (images: tf.Tensor4D): tf.Tensor3D => amplitudeOf(powerOf(images))

/** |FFT|² of every channel, [B, C, S, S]. */
function powerOf(images: tf.Tensor4D): tf.Tensor4D {
  const { re, im } = dft2(images)
  const [power] = computeFused('power', re.shape, [(a, b) => a.square().add(b.square())], [re, im])
  return power as tf.Tensor4D
}

const amplitudeOf = (power: tf.Tensor4D): tf.Tensor3D =>
  acrossChannels('amplitude', power, (channels) => {
    const [first, ...others] = channels.map((channel) => channel.sqrt())
    return others.reduce((sum, other) => sum.add(other), first!).div(channels.length)
  })

const largestOf = (weights: tf.Tensor4D): tf.Tensor3D =>
  acrossChannels('largest weight', weights, ([first, ...others]) =>
    others.reduce((most, other) => most.max(other), first!),
  )

/** A formula of all channels of planes [B, C, S, S]: one thread an element, where a reduction of tfjs takes a workgroup. */
function acrossChannels(
  name: string,
  planes: tf.Tensor4D,
  formula: (channels: readonly Expression[]) => Expression,
): tf.Tensor3D {
  const [batch, channels, side] = planes.shape
  const parts = tf.split(planes, channels, 1)
  const [result] = computeFused(name, [batch, 1, side, side], [(...all) => formula(all)], parts)
  return result!.reshape([batch, side, side])
}
