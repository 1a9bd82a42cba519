import * as tf from '@tensorflow/tfjs'
import { expect, describe, test } from 'vitest'
import { noise, worstError } from '../../../engine/testing/noise.ts'
import { useEngine } from '../../../engine/testing/opCase.ts'
import { take, upload } from '../../../engine/testing/run.ts'
import type { LossForm } from '../loss.ts'
import { distances, mix, weights, type Images, type LossInputs } from '../testing/reference.ts'
import { imageAmplitude, spectrumMaps, type SpectrumMaps } from './spectrumMaps.ts'

useEngine()

const [batch, side, channels] = [2, 5, 3]
const shape = [batch, side, side, channels]
const imagesOf = (seed: number): Images => ({
  ...{ batch, side, channels },
  data: Float64Array.from(noise(shape, seed).data),
})
const target = imagesOf(1)
const prediction = imagesOf(2)
const mask = Float64Array.from(noise([batch * side * side], 3).data, (value) => Number(value > 0))
const visibleGradient = 0.25

const focal = { exponent: 1, log: true, maximum: 'image' } as const
const paper: LossForm = {
  spatial: 'l1',
  spectra: 'perImage',
  replacement: 'prediction',
  focus: focal,
}
const FORMS: [string, LossForm][] = [
  ['of the paper', paper],
  ['of the official code', { ...paper, spectra: 'batchMean', replacement: 'mixed' }],
  ['with one maximum', { ...paper, focus: { ...focal, maximum: 'batch' } }],
  ['without logarithm', { ...paper, replacement: 'mean', focus: { ...focal, log: false } }],
  ['of the plain loss', { ...paper, replacement: 'target', focus: null }],
]

/** Means or maxima over the channels of planes [images, channels, side²]. */
function overChannels(planes: Float64Array, of: (values: number[]) => number): Float64Array {
  const size = side * side
  return Float64Array.from({ length: planes.length / channels }, (_, i) => {
    const first = Math.floor(i / size) * channels * size + (i % size)
    return of(Array.from({ length: channels }, (_, c) => planes[first + c * size]!))
  })
}
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
const largest = (values: number[]): number => Math.max(...values)

/** Frees everything but the maps themselves. */
function keptMaps(draw: () => SpectrumMaps): SpectrumMaps {
  const drawn: SpectrumMaps[] = []
  tf.tidy(() => {
    const maps = draw()
    drawn.push(maps)
    return [maps.compared, maps.distance, maps.averaged, maps.weight, maps.image].filter(
      (map) => map !== null,
    )
  })
  return drawn[0]!
}

describe.each(FORMS)('spectra %s', (_, form) => {
  const inputs: LossInputs = { prediction, target, mask, visibleGradient, form }
  const q = mix(inputs, prediction)
  const ofImages = distances(q, target, 'perImage')
  const seen = distances(q, target, form.spectra)

  test('are those of the float64 oracle', async () => {
    const maps = keptMaps(() =>
      spectrumMaps(
        {
          prediction: upload<tf.Rank.R4>({ shape, data: prediction.data }),
          target: upload<tf.Rank.R4>({ shape, data: target.data }),
          pixelMask: upload<tf.Rank.R4>({ shape: [batch, side, side, 1], data: mask }),
          visibleGradient: tf.scalar(visibleGradient),
        },
        form,
      ),
    )
    expect(worstError(await take(maps.compared), q.data)).toBeLessThan(2e-6)
    const distance = await take(maps.distance)
    expect(worstError(distance, overChannels(ofImages, mean))).toBeLessThan(5e-6)
    const zero: Images = { ...target, data: new Float64Array(target.data.length) }
    const image = overChannels(distances(target, zero, 'perImage'), mean)
    expect(worstError(await take(maps.image), image)).toBeLessThan(5e-6)

    expect(maps.averaged === null).toBe(form.spectra === 'perImage')
    if (maps.averaged !== null)
      expect(worstError(await take(maps.averaged), overChannels(seen, mean))).toBeLessThan(5e-6)

    expect(maps.weight === null).toBe(form.focus === null)
    if (maps.weight === null || form.focus === null) return
    const perMaximum = form.focus.maximum === 'batch' ? seen.length : channels * side * side
    const expected = overChannels(weights(seen, form.focus, perMaximum), largest)
    const weight = await take(maps.weight)
    expect(worstError(weight, expected)).toBeLessThan(5e-6)
    // I5: in [0, 1], the largest 1, up to the rounding of a division.
    expect(Math.max(...weight)).toBeLessThanOrEqual(1)
    expect(Math.max(...weight)).toBeGreaterThan(1 - 1e-6)
    expect(Math.min(...weight)).toBeGreaterThanOrEqual(0)
  })
})

test('an image that nothing differs from has amplitude 0 everywhere', async () => {
  const amplitude = await take(tf.tidy(() => imageAmplitude(tf.zeros([1, side, side, channels]))))
  expect([...amplitude]).toEqual(Array(side * side).fill(0))
})
