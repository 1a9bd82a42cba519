import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import { Engine } from '../../../engine/engine.ts'
import { Parameters } from '../../../engine/parameters.ts'
import type { AttentionPart, Strips } from '../../../pictures.ts'
import { presetValues } from '../../../settings/selection.ts'
import { cellOf, one, PIXELS, samples, viewsOf } from '../../testing/samples.ts'
import { a2mim } from '../description.ts'
import { method } from '../method.ts'
import type { A2mimSettings } from '../settings.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const settings: A2mimSettings = {
  ...(presetValues(a2mim, 'tiny') as A2mimSettings),
  relativePositions: true,
}
const colour = (picture: Uint8ClampedArray, channel: number, pixel: number): number =>
  picture[4 * pixel + channel]!

const isHidden = (strips: Strips, row: number, pixel: number): boolean =>
  colour(cellOf(strips, row, 'mask'), 0, pixel) < 128

/** Calls back for every row, channel and pixel. */
function forEachValue(visit: (row: number, channel: number, pixel: number) => void): void {
  for (let row = 0; row < 3; row++)
    for (let channel = 0; channel < 3; channel++)
      for (let pixel = 0; pixel < PIXELS; pixel++) visit(row, channel, pixel)
}

describe('preview', () => {
  const strips = method.preview(settings, samples, 5)

  test('describes itself', () => {
    expect(strips.kind).toBe('strips')
    expect(strips.columns.map(({ id }) => id)).toEqual(['original', 'mask', 'masked'])
    expect(strips.samples).toEqual(samples.indices)
    expect(strips.size).toBe(32)
    expect(strips.pixels).toHaveLength(3 * 3 * PIXELS * 4)
    expect(strips.masked).toEqual(Array(3).fill({ count: 40, of: 64 }))
  })

  test('shows original, mask and masked input', () => {
    const means = [0, 1, 2].map((row) =>
      [0, 1, 2].map((channel) => {
        const start = (row * 3 + channel) * PIXELS
        const plane = samples.pixels.subarray(start, start + PIXELS)
        return plane.reduce((sum, value) => sum + value, 0) / PIXELS
      }),
    )
    const hidden = [0, 0, 0]
    const wrong: number[] = []
    forEachValue((row, channel, pixel) => {
      const original = samples.pixels[(row * 3 + channel) * PIXELS + pixel]!
      const expected = isHidden(strips, row, pixel) ? means[row]![channel]! : original
      if (channel === 0 && isHidden(strips, row, pixel)) hidden[row]!++
      if (
        colour(cellOf(strips, row, 'original'), channel, pixel) !== original ||
        Math.abs(colour(cellOf(strips, row, 'masked'), channel, pixel) - expected) > 0.51
      )
        wrong.push(pixel)
    })
    expect(wrong).toEqual([])
    expect(hidden).toEqual([640, 640, 640])
  })

  test('every pixel is opaque', () => {
    expect(strips.pixels.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
  })

  test('masks depend on the mask seed, the run seed and the image, not on its row', () => {
    const maskOf = (preview: Strips, row: number) => [...cellOf(preview, row, 'mask')]
    expect(maskOf(method.preview(settings, one, 5), 0)).toEqual(maskOf(strips, 0))
    expect(maskOf(method.preview(settings, one, 6), 0)).not.toEqual(maskOf(strips, 0))
    expect(maskOf(method.preview({ ...settings, seed: 2 }, one, 5), 0)).not.toEqual(
      maskOf(strips, 0),
    )
    expect(maskOf(strips, 1)).not.toEqual(maskOf(strips, 0))
  })

  test('follows the mask ratio', () => {
    const masked = (maskRatio: number) =>
      method.preview({ ...settings, maskRatio }, one, 5).masked[0]!.count
    expect([0.05, 0.25, 0.5, 0.95].map(masked)).toEqual([4, 16, 32, 60])
  })
})

describe('strips', () => {
  let strips: Strips
  beforeAll(async () => {
    const parameters = new Parameters(engine, method.parameters(settings))
    const views = viewsOf(samples, CIFAR_NORMALISATION)
    const before = engine.memory().tensors
    strips = await method.strips(settings, samples, 5, views, parameters)
    expect(engine.memory().tensors).toBe(before)
    views.dispose()
    parameters.dispose()
  })

  test('begin with the columns of the preview', () => {
    const preview = method.preview(settings, samples, 5)
    expect(strips.columns.slice(0, 3)).toEqual(preview.columns)
    expect(strips.columns.map(({ needsNetwork = false }) => needsNetwork)).toEqual([
      ...[false, false, false],
      ...[true, true, true],
    ])
    expect(strips.masked).toEqual(preview.masked)
    for (const row of [0, 1, 2])
      for (const { id } of preview.columns)
        expect(cellOf(strips, row, id)).toEqual(cellOf(preview, row, id))
  })

  test('paste the reconstruction into the hidden pixels and show its error', () => {
    expect(strips.columns.slice(3).map(({ id }) => id)).toEqual([
      'reconstruction',
      'pasted',
      'error',
    ])
    const wrong: number[] = []
    forEachValue((row, channel, pixel) => {
      const value = (id: string, of = channel) => colour(cellOf(strips, row, id), of, pixel)
      const hidden = isHidden(strips, row, pixel)
      const error = [0, 1, 2].reduce(
        (sum, c) => sum + Math.abs(value('pasted', c) - value('original', c)) / 3,
        0,
      )
      if (
        value('pasted') !== value(hidden ? 'reconstruction' : 'original') ||
        Math.abs(value('error') - error) > 1.01
      )
        wrong.push(pixel)
    })
    expect(wrong).toEqual([])
  })

  test('an untrained network paints about the mean colour of the data', () => {
    const mean = CIFAR_NORMALISATION.mean.map((value) => 255 * value)
    let worst = 0
    forEachValue((row, channel, pixel) => {
      const value = colour(cellOf(strips, row, 'reconstruction'), channel, pixel)
      worst = Math.max(worst, Math.abs(value - mean[channel]!))
    })
    expect(worst).toBeLessThan(60)
  })
})

test('attention of every layer and head on the unmasked image', async () => {
  const parameters = new Parameters(engine, method.parameters(settings))
  const view = viewsOf(one, CIFAR_NORMALISATION)
  const before = engine.memory().tensors
  const picture = (await method.attention(settings, one, 5, view, parameters))!
  expect(engine.memory().tensors).toBe(before)
  expect(picture).toMatchObject({
    kind: 'attention',
    sample: 17,
    grid: 8,
    size: 32,
    parts: [{ layers: 2, heads: 2, queries: 'all', classKey: true }],
  })
  const [{ weights: all }] = picture.parts as readonly [AttentionPart]
  expect(all).toHaveLength(2 * 2 * 65 * 65)
  for (let row = 0; row < all.length; row += 65) {
    const weights = all.subarray(row, row + 65)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
    expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
  }
  const preview = method.preview(settings, one, 0)
  expect(picture.image).toEqual(cellOf(preview, 0, 'original').slice())
  view.dispose()
  parameters.dispose()
})
