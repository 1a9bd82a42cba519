import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import { randomNormal } from '../../../engine/ops/random.ts'
import { Parameters } from '../../../engine/parameters.ts'
import { Stream } from '../../../engine/random.ts'
import { RandomClock } from '../../../engine/randomClock.ts'
import { useEngine } from '../../../engine/testing/opCase.ts'
import { take } from '../../../engine/testing/run.ts'
import { presetValues } from '../../../settings/selection.ts'
import { networkPainter, paint } from '../../painting.ts'
import { cellOf, one, PIXELS, samples, viewsOf } from '../../testing/samples.ts'
import { a2mim } from '../description.ts'
import { method } from '../method.ts'
import type { A2mimSettings } from '../settings.ts'
import { MaskedSamples } from './maskedSamples.ts'

const engine = useEngine()
const SEED = 5
const settingsOf = (preset: string, fill: A2mimSettings['fill']): A2mimSettings => ({
  ...(presetValues(a2mim, preset) as A2mimSettings),
  fill,
  noiseLevel: 0.75,
})
const FILLS = ['mean', 'zero', 'noise', 'noisy', 'unfilled'] as const

describe.each(FILLS)('the fill %s', (fill) => {
  test.each(['tiny', 'tinyResnet'])('is painted as %s is given it', async (preset) => {
    const settings = settingsOf(preset, fill)
    const masked = new MaskedSamples(settings, samples, SEED)
    const filled = tf.tidy(() =>
      masked.fill(viewsOf(samples, CIFAR_NORMALISATION), masked.tensors().pixelMask),
    )
    const values = await take(filled)
    const preview = method.preview(settings, samples, SEED)
    samples.indices.forEach((_, row) => {
      const given = paint(networkPainter(values, row, CIFAR_NORMALISATION))
      const painted = cellOf(preview, row, 'masked')
      // A byte, where rounding decides between two.
      expect(Math.max(...painted.map((byte, i) => Math.abs(byte - given[i]!)))).toBeLessThan(2)
      expect(painted.filter((byte, i) => byte !== given[i]).length).toBeLessThan(PIXELS / 100)
    })
  })

  test('says what it is, and hides more than nothing unless it is none', () => {
    const preview = method.preview(settingsOf('tinyResnet', fill), one, SEED)
    const isSame = cellOf(preview, 0, 'masked').join() === cellOf(preview, 0, 'original').join()
    expect(isSame).toBe(fill === 'unfilled')
    const help = FILLS.map((each) => method.preview(settingsOf('tiny', each), one, SEED).columns[2])
    expect(new Set(help.map((column) => column!.help)).size).toBe(FILLS.length)
  })
})

test('noise is what the GPU draws at the same address, another for another seed of the masks', async () => {
  const settings = settingsOf('tiny', 'noise')
  const clock = new RandomClock(engine(), settings.seed)
  clock.set(SEED)
  const drawn = randomNormal<tf.Rank.R2>([1, 3 * PIXELS], {
    clock,
    stream: Stream.sampleNoise,
    firstSample: samples.indices[1]!,
  })
  const { noise } = new MaskedSamples(settings, samples, SEED)
  expect(await take(drawn)).toEqual(noise![1])
  clock.dispose()
  expect(new MaskedSamples(settings, samples, SEED + 1).noise![1]).not.toEqual(noise![1])
})

test('a ResNet is drawn as a ViT is, but that it has no attention', async () => {
  const settings = settingsOf('tinyResnet', 'mean')
  const parameters = new Parameters(engine(), method.parameters(settings))
  const views = viewsOf(samples, CIFAR_NORMALISATION)
  const before = engine().memory().tensors
  const strips = await method.strips(settings, samples, SEED, views, parameters)
  expect(await method.attention(settings, one, SEED, views, parameters)).toBeNull()
  expect(engine().memory().tensors).toBe(before)
  const preview = method.preview(settings, samples, SEED)
  expect(strips.columns.map(({ id }) => id)).toEqual([
    ...preview.columns.map(({ id }) => id),
    ...['reconstruction', 'pasted', 'error'],
  ])
  for (const row of [0, 1, 2])
    for (const { id } of preview.columns)
      expect(cellOf(strips, row, id)).toEqual(cellOf(preview, row, id))
  // Blocks of 4 pixels are counted, not cells of the map that the token enters.
  expect(strips.masked).toEqual(Array(3).fill({ count: 39, of: 64, unit: 'block' }))
  views.dispose()
  parameters.dispose()
})
