import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import { Parameters } from '../../../engine/parameters.ts'
import { randomAt, Stream } from '../../../engine/random.ts'
import { noise, worstError } from '../../../engine/testing/noise.ts'
import { useEngine } from '../../../engine/testing/opCase.ts'
import { take } from '../../../engine/testing/run.ts'
import { spreadToPixels } from '../../../models/patches.ts'
import type { ActivationsPicture, SpectrumPicture } from '../../../pictures.ts'
import { presetValues } from '../../../settings/selection.ts'
import type { Samples } from '../../method.ts'
import { cellOf, one, PIXELS, samples, viewsOf } from '../../testing/samples.ts'
import { networkConfig } from '../config.ts'
import { a2mim } from '../description.ts'
import { A2mimNetwork, networkParameters } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { activationsPicture } from './activations.ts'
import { layersOf } from './layers.ts'
import { disturbance, leakPicture } from './leak.ts'
import { MaskedSamples } from './maskedSamples.ts'
import { ringMeans } from './rings.ts'
import { spectrumPicture } from './spectrum.ts'
import { maskStrips } from './strips.ts'

const engine = useEngine()
const SEED = 5
const two: Samples = {
  indices: samples.indices.slice(0, 2),
  pixels: samples.pixels.slice(0, 6 * PIXELS),
}

/** A network in which every parameter that usually starts at a constant is random. */
function networkOf(settings: A2mimSettings): Parameters {
  const specs = networkParameters(networkConfig(settings), 1).map((spec, i) => {
    const random = noise(spec.shape, 10 + i, 0.2).data
    const near = spec.name.endsWith('weight') || spec.name.endsWith('running_var') ? 1 : 0
    const weight = spec.shape.length === 1 ? near : null
    return weight === null
      ? { ...spec, initial: () => spec.initial().map((value, j) => value + 0.1 * random[j]!) }
      : { ...spec, initial: () => Float32Array.from(random, (value) => weight + value) }
  })
  return new Parameters(engine(), specs)
}

/** What is drawn, without a tensor left behind. */
async function leavingNothing<T>(draw: () => Promise<T>): Promise<T> {
  const before = engine().memory().tensors
  const drawn = await draw()
  expect(engine().memory().tensors).toBe(before)
  return drawn
}

const settingsOf = (preset: string, changes: Partial<A2mimSettings> = {}): A2mimSettings => ({
  ...(presetValues(a2mim, preset) as A2mimSettings),
  ...changes,
})

describe.each([
  ['tiny', { width: 12 }, null],
  ['tinyResnet', { stemWidth: 4 }, 6],
])('with %s', (preset, changes, looked) => {
  const settings = settingsOf(preset, changes)
  const isVit = settings.architecture === 'vit'
  const config = networkConfig(settings)
  const layers = layersOf(config)
  let parameters: Parameters
  let views: tf.Tensor4D
  let view: tf.Tensor4D

  beforeAll(() => {
    parameters = networkOf(settings)
    views = viewsOf(two, CIFAR_NORMALISATION)
    view = viewsOf(one, CIFAR_NORMALISATION)
  })
  afterAll(() => {
    views.dispose()
    view.dispose()
    parameters.dispose()
  })

  describe('spectra', () => {
    let picture: SpectrumPicture
    beforeAll(async () => {
      picture = await leavingNothing(() => spectrumPicture(settings, two, SEED, views, parameters))
    })
    const mapOf = (id: string) => picture.maps.find((map) => map.id === id)!.values
    const curveOf = (id: string) => picture.radial.curves.find((curve) => curve.id === id)!.values

    test('of the difference show what the loss compares, the constant part in the middle', () => {
      expect(picture.maps.map(({ id }) => id)).toEqual(['distance', 'weight', 'image'])
      // The middle of |FFT(x)| is 32 times the mean of the normalised image.
      const { mean, deviation } = CIFAR_NORMALISATION
      two.indices.forEach((_, row) => {
        const means = [0, 1, 2].map((c) => {
          const start = (row * 3 + c) * PIXELS
          const bytes = two.pixels.subarray(start, start + PIXELS)
          const sum = bytes.reduce((total, value) => total + value, 0)
          return Math.abs(sum / PIXELS / 255 - mean[c]!) / deviation[c]!
        })
        const middle = (32 * means.reduce((sum, value) => sum + value, 0)) / 3
        expect(mapOf('image')[row * PIXELS + 16 * 32 + 16]).toBeCloseTo(middle, 3)
      })
      for (const row of [0, 1]) {
        const weight = mapOf('weight').subarray(row * PIXELS, (row + 1) * PIXELS)
        expect(Math.max(...weight)).toBeCloseTo(1, 6)
      }
      expect(picture.originals).toHaveLength(2 * 4 * PIXELS)
      expect(picture.predictions).toHaveLength(2 * 4 * PIXELS)
    })

    test('are averaged over rings, beside what painting nothing would leave', () => {
      const ring = (id: string, row: number) =>
        ringMeans(mapOf(id).slice(row * PIXELS, (row + 1) * PIXELS), 32)
      const rings = picture.radial.at.length
      for (const row of [0, 1]) {
        const of = (id: string) => curveOf(id).subarray(row * rings, (row + 1) * rings)
        expect(of('distance')).toEqual(ring('distance', row))
        expect(of('image')).toEqual(ring('image', row))
        expect(
          worstError(
            of('distanceShare'),
            ring('distance', row).map((value, i) => value / ring('image', row)[i]!),
          ),
        ).toBeLessThan(1e-6)
        // Mean-filled images keep their sum: nothing is missing of the constant part, and something elsewhere.
        expect(of('filled')[0]).toBeGreaterThan(0)
        expect(Math.min(...of('filledShare').subarray(1))).toBeGreaterThan(0.1)
      }
    })

    test.runIf(isVit)(
      'of the plain loss averaged over images have one distance for all and no weights',
      async () => {
        const plain = { ...settings, spectra: 'batchMean', frequencyFocus: 'plain' } as const
        const { maps } = await spectrumPicture(plain, two, SEED, views, parameters)
        expect(maps.map(({ id }) => id)).toEqual(['distance', 'averaged', 'weight', 'image'])
        const [, averaged, weight] = maps
        expect(averaged!.values.subarray(0, PIXELS)).toEqual(averaged!.values.subarray(PIXELS))
        expect([...new Set(weight!.values)]).toEqual([1])
        expect(weight!.help).toContain('plain form')
      },
    )

    test('of layers are those of the maps that the unmasked images have there', async () => {
      expect(picture.layers.map(({ id, grid }) => [id, grid])).toEqual(
        layers.map(({ id, grid }) => [id, grid]),
      )
      const kept: tf.Tensor4D[] = []
      tf.tidy(() => {
        new A2mimNetwork(config, parameters).encode(views, {
          through: (map) => {
            kept.push(tf.keep(map))
            return map
          },
        })
      })
      const maps = await Promise.all(kept.map(take))
      maps.forEach((values, layer) => {
        const { grid, channels } = layers[layer]!
        const [cells, images] = [grid * grid, 2]
        expect(values).toHaveLength(images * cells * channels)
        let variance = 0
        for (let i = 0; i < images * channels; i++) {
          const plane = Array.from({ length: cells }, (_, cell) => {
            const [b, c] = [Math.floor(i / channels), i % channels]
            return values[(b * cells + cell) * channels + c]!
          })
          const mean = plane.reduce((sum, value) => sum + value, 0) / cells
          const squares = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0)
          variance += squares / (cells - 1) / (images * channels)
        }
        expect(picture.layers[layer]!.variance / variance).toBeCloseTo(1, 4)
        expect(picture.layers[layer]!.amplitudes).toHaveLength(grid / 2)
        expect(picture.layers[layer]!.amplitudes[0]).toBe(0)
      })
    })
  })

  describe('activations', () => {
    const smooth = { ...settings, spatialLoss: 'focalL1' } as const
    const draw = (cell: number | null) =>
      activationsPicture(smooth, one, SEED, view, parameters, { sample: 0, cell })
    const gridOfBlocks = isVit ? 4 : 8
    let picture: ActivationsPicture
    beforeAll(async () => {
      picture = await leavingNothing(() => draw(null))
    })

    test('show image, input, and which cells are hidden', () => {
      const preview = maskStrips(settings, one, SEED)
      expect(picture.image).toEqual(cellOf(preview, 0, 'original').slice())
      expect(picture.input).toEqual(cellOf(preview, 0, 'masked').slice())
      expect(picture.grid).toBe(gridOfBlocks)
      const hidden = picture.hidden.reduce((sum, value) => sum + value, 0)
      expect(hidden).toBe(Math.ceil(0.6 * gridOfBlocks ** 2))
      const mask = cellOf(preview, 0, 'mask')
      const side = 32 / gridOfBlocks
      picture.hidden.forEach((value, i) => {
        const pixel = Math.floor(i / gridOfBlocks) * side * 32 + (i % gridOfBlocks) * side
        expect(mask[4 * pixel]! < 128).toBe(value === 1)
      })
    })

    test('have a map of every layer', () => {
      expect(picture.stages.map(({ id, grid, channels }) => ({ id, grid, channels }))).toEqual(
        layers.map(({ id, grid, channels }) => ({ id, grid, channels })),
      )
      for (const { grid, mean, weighted } of picture.stages) {
        expect(mean).toHaveLength(grid ** 2)
        expect(weighted).toHaveLength(grid ** 2)
        expect(Math.min(...weighted)).toBeGreaterThanOrEqual(0)
      }
    })

    // The mean of a gradient over the cells is the slope of the loss as a whole channel is raised, over their number.
    test('weigh channels by the slope of the loss where it is looked', async () => {
      const { stages, hidden, cell } = looked === null ? picture : await draw(looked)
      expect(cell).toBe(looked)
      expect(picture.target).toContain('all hidden pixels')
      if (looked !== null) expect(stages).not.toEqual(picture.stages)
      const watched = cell === null ? hidden : hidden.map((_, i) => Number(i === cell))
      const masked = new MaskedSamples(smooth, one, SEED)
      let speaking = 0
      for (const [index, { grid, channels }] of layers.entries()) {
        const STEP = 0.005
        let map: tf.Tensor | null = null
        const losses = (step: number): tf.Tensor1D => {
          const { mask, pixelMask } = masked.tensors()
          const times = (tensor: tf.Tensor): tf.Tensor =>
            tensor.mul(tf.ones([channels, ...tensor.shape.slice(1).map(() => 1)]))
          const prediction = new A2mimNetwork(config, parameters).predict(
            times(masked.fill(view, pixelMask)) as tf.Tensor4D,
            times(mask) as tf.Tensor2D,
            {
              through: (z, i) => {
                if (i !== index) return z
                map = tf.keep(z.slice([0, 0, 0, 0], [1, -1, -1, -1]))
                return z.add(tf.eye(channels).mul(step).reshape([channels, 1, 1, channels]))
              },
            },
          )
          const d = prediction.sub(view).abs()
          const cells = tf.tensor2d(Float32Array.from(watched), [1, watched.length])
          const where = spreadToPixels(cells, 32 / gridOfBlocks)
          const pixels = watched.reduce((sum, value) => sum + value, 0) * masked.block ** 2
          return d
            .mul(d.mul(0.1).tanh())
            .mul(where)
            .sum([1, 2, 3])
            .div(3 * pixels)
        }
        const slopes = await take(
          tf.tidy(() =>
            losses(STEP)
              .sub(losses(-STEP))
              .div(-2 * STEP * grid ** 2),
          ),
        )
        const values = await take(map!)
        const expected = Array.from({ length: grid ** 2 }, (_, i) =>
          Math.max(
            0,
            slopes.reduce((sum, slope, c) => sum + slope * values[i * channels + c]!, 0),
          ),
        )
        // What the channels add to a cell, whatever its sign.
        const most = Math.max(
          ...expected.map((_, i) =>
            slopes.reduce((sum, slope, c) => sum + Math.abs(slope * values[i * channels + c]!), 0),
          ),
        )
        const worst = Math.max(...expected.map((v, i) => Math.abs(v - stages[index]!.weighted[i]!)))
        // Hidden cells are alike: a step over the kink of a ReLU is one in all of them.
        const kinks = !isVit && index + 1 < layers.length
        expect(worst / most, layers[index]!.id).toBeLessThan(kinks ? 0.1 : 0.005)
        if (Math.max(...expected) > 0.03 * most) speaking++
      }
      expect(speaking).toBeGreaterThan(1)
    })

    test('tell what the token does to the features of hidden cells alone', () => {
      const { grid, before, after } = picture.token!
      const { masks } = new MaskedSamples(settings, one, SEED)
      expect(grid ** 2).toBe(masks[0]!.length)
      expect(before).toHaveLength(grid ** 2)
      before.forEach((length, i) => {
        const change = Math.abs(after[i]! - length)
        if (masks[0]![i] === 1) expect(change).toBeGreaterThan(1e-4)
        else expect(change).toBeLessThan(1e-5)
      })
    })

    test.runIf(isVit)(
      'without a token there is none to show, and a cell that is gone is not looked at',
      async () => {
        const without = { ...smooth, tokenMode: 'none' } as const
        const wish = { sample: 0, cell: gridOfBlocks ** 2 }
        const drawn = await activationsPicture(without, one, SEED, view, parameters, wish)
        expect(drawn).toMatchObject({ token: null, cell: null })
      },
    )
  })

  describe('I1 a leak', () => {
    const check = (changes: Partial<A2mimSettings>) =>
      leavingNothing(() => leakPicture({ ...settings, ...changes }, two, SEED, views, parameters))

    test.each(['mean', 'zero', 'noise'] as const)('is none with the fill %s', async (fill) => {
      const { largest, tolerance, moved, grid } = await check({ fill })
      expect(moved).toHaveLength(2 * grid ** 2)
      expect(largest).toBeLessThan(tolerance)
      expect(tolerance).toBeLessThan(1e-4)
    })

    test.each(['unfilled', 'noisy'] as const)('shows with the fill %s', async (fill) => {
      const { largest, tolerance } = await check({ fill })
      expect(largest).toBeGreaterThan(100 * tolerance)
      expect(largest).toBeGreaterThan(0.01)
    })
  })
})

test('a token that replaces the embedding leaves nothing of unfilled pixels', async () => {
  const settings = settingsOf('tiny', { tokenEntry: 'replace', fill: 'unfilled' })
  const parameters = networkOf(settings)
  const view = viewsOf(one, CIFAR_NORMALISATION)
  const { largest, tolerance } = await leakPicture(settings, one, SEED, view, parameters)
  expect(largest).toBeLessThan(tolerance)
  view.dispose()
  parameters.dispose()
})

test('a disturbance lies in hidden pixels alone and sums to 0 in every colour', () => {
  const { masks, cell } = new MaskedSamples(settingsOf('tinyResnet'), one, SEED)
  const values = disturbance(masks[0]!, cell, randomAt(1, Stream.leak, SEED, 17))
  const mask = cellOf(maskStrips(settingsOf('tinyResnet'), one, SEED), 0, 'mask')
  const sums = [0, 0, 0]
  values.forEach((value, i) => {
    sums[i % 3]! += value
    expect(value !== 0).toBe(mask[4 * Math.floor(i / 3)]! < 128)
  })
  for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(1e-4)
})
