import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import type { AttentionPart, OrderPicture } from '../../pictures.ts'
import {
  cellOf,
  colourAt,
  everyPixel,
  one,
  originalAt,
  patchOf,
  samples,
  viewsOf,
} from '../testing/samples.ts'
import { networkConfig } from './config.ts'
import { patchTargets } from '../patchTargets.ts'
import { tokenLosses } from './loss.ts'
import { RandsacNetwork } from './network.ts'
import { pictures } from './pictures.ts'
import { attentionParts } from './pictures/attentionParts.ts'
import { rankTensor, sampleOrders } from './pictures/sampleOrders.ts'
import type { RandsacSettings } from './settings.ts'
import { livelyParameters } from './testing/networks.ts'
import { pictured } from './testing/pictured.ts'

const engine = useEngine()

const SIDE = 8
const CELLS = 16
const NUMBERS = 3 * SIDE * SIDE
const rankAt = (ranks: Uint16Array, pixel: number): number => ranks[patchOf(pixel, SIDE)]!
const raw: RandsacSettings = { ...pictured, target: 'raw' }

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine(), networkConfig(pictured))
})
afterAll(() => parameters.dispose())

/** Draws something on views of samples, and sees to it that no tensor is left. */
async function drawn<T>(of: typeof one, draw: (views: tf.Tensor4D) => Promise<T>): Promise<T> {
  const views = viewsOf(of, CIFAR_STATISTICS)
  const before = engine().memory().tensors
  const picture = await draw(views)
  expect(engine().memory().tensors).toBe(before)
  views.dispose()
  return picture
}

/** Predictions of the network itself for an image [1, 32, 32, 3]: [cells, 3P²]. */
const predictionsOf = (view: tf.Tensor4D, ranks: Uint16Array): Promise<Float32Array> =>
  take(
    tf.tidy(() =>
      new RandsacNetwork(networkConfig(pictured), parameters).predict(
        view,
        rankTensor([{ ranks }]),
      ),
    ),
  )

/** The colours of a pixel as predicted raw, 0 to 255. */
const rawColours = (predictions: Float32Array, pixel: number): number[] =>
  [0, 1, 2].map((channel) => {
    const [y, x] = [(pixel >> 5) % SIDE, pixel % SIDE]
    const at = patchOf(pixel, SIDE) * NUMBERS + channel * SIDE * SIDE + y * SIDE + x
    const { mean, deviation } = CIFAR_STATISTICS
    const value = 255 * (predictions[at]! * deviation[channel]! + mean[channel]!)
    return Math.min(255, Math.max(0, value))
  })

const farFrom = (found: readonly number[], wanted: readonly number[]): boolean =>
  wanted.some((value, channel) => Math.abs(value - found[channel]!) > 1)

describe('preview', () => {
  const preview = pictures.preview(pictured, samples, 5)
  const orders = sampleOrders(pictured, samples, 5)

  test('describes itself', () => {
    expect(preview.columns.map(({ id }) => id)).toEqual(['original', 'segments', 'context'])
    expect(preview.samples).toEqual(samples.indices)
    expect(preview.masked).toEqual(Array(3).fill({ count: 12, of: CELLS }))
    expect(preview.maskedWord).toBe('predicted')
    for (const { help } of preview.columns) expect(help).toMatch(/\.$/)
  })

  test('shows the image, and what is visible before the middle segment', () => {
    for (const [row, { ranks }] of orders.entries()) {
      const wrong = everyPixel.filter((pixel) => {
        const original = originalAt(samples, row, pixel)
        const seen = rankAt(ranks, pixel) < 2 ? original : [128, 128, 128]
        return (
          farFrom(colourAt(cellOf(preview, row, 'original'), pixel), original) ||
          farFrom(colourAt(cellOf(preview, row, 'context'), pixel), seen)
        )
      })
      expect(wrong).toEqual([])
    }
  })

  test('orders depend on both seeds and the image, not on its row', () => {
    const first = (settings: RandsacSettings, maskSeed: number) =>
      sampleOrders(settings, one, maskSeed)[0]!.ranks
    expect(first(pictured, 5)).toEqual(orders[0]!.ranks)
    const others = [first(pictured, 6), first({ ...pictured, seed: 2 }, 5), orders[1]!.ranks]
    const all = new Set([orders[0]!.ranks, ...others].map((ranks) => ranks.join()))
    expect(all.size).toBeGreaterThan(2)
  })

  test('one order for the whole batch is one order for all samples', () => {
    const shared = sampleOrders({ ...pictured, orderScope: 'batch' }, samples, 5)
    expect(shared[1]!.ranks).toEqual(shared[0]!.ranks)
    expect(shared[2]!.ranks).toEqual(shared[0]!.ranks)
  })

  test('tells of lines and partitions where there are any', () => {
    const told = (settings: RandsacSettings) => {
      const { help } = pictures.preview(settings, one, 5).columns[1]!
      return ['lines', 'partitions'].map((word) => help.includes(word))
    }
    expect(told(pictured)).toEqual([true, false])
    expect(told({ ...pictured, segmentSize: '1', hierarchy: true })).toEqual([true, true])
    expect(told({ ...pictured, patchSize: '1', segmentSize: '2' })).toEqual([false, false])
  })
})

test('strips are the preview, and every patch as predicted from the true pixels before it', async () => {
  const strips = await drawn(samples, (views) =>
    pictures.strips(raw, samples, 5, views, parameters),
  )
  const preview = pictures.preview(raw, samples, 5)
  expect(strips.columns.slice(3).map(({ id }) => id)).toEqual(['prediction', 'error'])
  expect(strips.columns.map(({ needsNetwork = false }) => needsNetwork)).toEqual([
    ...[false, false, false],
    ...[true, true],
  ])
  expect(strips).toMatchObject({ masked: preview.masked, maskedWord: 'predicted' })
  const views = viewsOf(samples, CIFAR_STATISTICS)
  for (const [row, { ranks }] of sampleOrders(raw, samples, 5).entries()) {
    for (const { id } of preview.columns)
      expect(cellOf(strips, row, id)).toEqual(cellOf(preview, row, id))
    const view = views.slice([row, 0, 0, 0], [1, -1, -1, -1])
    const predictions = await predictionsOf(view, ranks)
    view.dispose()
    const [prediction, error] = ['prediction', 'error'].map((id) => cellOf(strips, row, id))
    const wrong = everyPixel.filter((pixel) => {
      const original = originalAt(samples, row, pixel)
      if (rankAt(ranks, pixel) === 0) {
        const line = ((pixel % 32) + (pixel >> 5)) % 4 === 0
        const shown = colourAt(prediction!, pixel)
        return (!line && farFrom(shown, original)) || farFrom(colourAt(error!, pixel), [0, 0, 0])
      }
      const wanted = rawColours(predictions, pixel)
      const off = [0, 1, 2].reduce((sum, c) => sum + Math.abs(wanted[c]! - original[c]!) / 3, 0)
      return (
        farFrom(colourAt(prediction!, pixel), wanted) ||
        farFrom(colourAt(error!, pixel), [off, off, off])
      )
    })
    expect(wrong).toEqual([])
  }
  views.dispose()
})

describe('the picture of an order', () => {
  const order = (settings: RandsacSettings, rollOut: boolean, causality = false) =>
    drawn(one, (view) => pictures.order(settings, one, 5, view, parameters, { rollOut, causality }))
  const ranks = sampleOrders(raw, one, 5)[0]!.ranks
  let picture: OrderPicture
  beforeAll(async () => {
    picture = await order(raw, true)
  })

  test('holds what is known without a network', () => {
    expect(picture).toMatchObject({ kind: 'order', sample: 17, grid: 4, segments: 4, size: 32 })
    expect(picture.ranks).toEqual(ranks)
    expect(picture.partitions).toBeUndefined()
    expect(picture.note).toBeNull()
    expect(picture.withheld).toBeUndefined()
    expect(picture.causality).toBeNull()
    expect(picture.rules.map(({ id }) => id)).toEqual(['encoder', 'decoderSelf', 'memory'])
    expect(picture.distances.draws).toBe(400)
    expect(
      everyPixel.filter((p) => farFrom(colourAt(picture.image, p), originalAt(one, 0, p))),
    ).toEqual([])
  })

  test('shows what the network predicts, with its losses', async () => {
    const view = viewsOf(one, CIFAR_STATISTICS)
    const predictions = await predictionsOf(view, ranks)
    const losses = await take(
      tf.tidy(() =>
        tokenLosses(
          tf.tensor3d(predictions, [1, CELLS, NUMBERS]),
          patchTargets(view, SIDE, { target: 'raw' }),
        ),
      ),
    )
    view.dispose()
    const wrong = everyPixel.filter((pixel) => {
      const isFirst = rankAt(ranks, pixel) === 0
      if (picture.predicted[4 * pixel + 3] !== (isFirst ? 0 : 255)) return true
      return !isFirst && farFrom(colourAt(picture.predicted, pixel), rawColours(predictions, pixel))
    })
    expect(wrong).toEqual([])
    expect(picture.losses).toEqual(losses.map((loss, cell) => (ranks[cell] === 0 ? NaN : loss)))
  })

  test('rolled out, begins as from true pixels and goes on from its own', () => {
    const { pixels, losses } = picture.rolledOut!
    const cells = (fits: (rank: number) => boolean) =>
      [...ranks.keys()].filter((cell) => fits(ranks[cell]!))
    for (const cell of cells((rank) => rank === 0)) expect(losses[cell]).toBeNaN()
    for (const cell of cells((rank) => rank === 1))
      expect(losses[cell]).toBeCloseTo(picture.losses[cell]!, 5)
    for (const cell of cells((rank) => rank > 1))
      expect(Math.abs(losses[cell]! - picture.losses[cell]!)).toBeGreaterThan(1e-4)
    const differs = (rank: number) =>
      everyPixel.some(
        (pixel) =>
          rankAt(ranks, pixel) === rank &&
          farFrom(colourAt(pixels, pixel), colourAt(picture.predicted, pixel)),
      )
    expect([1, 2, 3].map(differs)).toEqual([false, true, true])
  })

  test('of normalised patches has their true means and says so', async () => {
    const normalised = await order(pictured, false)
    expect(normalised.note).toMatch(/mean and the standard deviation of the true patch/)
    expect(normalised.rolledOut).toBeNull()
    expect(normalised.losses[ranks.indexOf(1)]).not.toBeCloseTo(
      picture.losses[ranks.indexOf(1)]!,
      3,
    )
    // Predictions are around 0: the mean colour of a predicted patch is that of the true one, up to what is predicted.
    const cell = ranks.indexOf(3)
    const inside = everyPixel.filter((pixel) => patchOf(pixel, SIDE) === cell)
    const meanOf = (colours: (pixel: number) => number[]) =>
      inside.reduce((sum, pixel) => sum + colours(pixel).reduce((a, b) => a + b) / 3, 0) / 64
    const truth = meanOf((pixel) => originalAt(one, 0, pixel))
    expect(Math.abs(meanOf((p) => colourAt(normalised.predicted, p)) - truth)).toBeLessThan(50)
  })

  test('with a hierarchy tells the partitions', async () => {
    const parted = await order({ ...raw, segmentSize: '1', hierarchy: true }, false)
    expect(parted.segments).toBe(16)
    expect(parted.partitions).toEqual(parted.ranks.map((rank) => rank >> 2))
  })

  test('of too many segments is not rolled out, and says why', async () => {
    const many = { ...raw, patchSize: '2', segmentKind: 'patches' } as const
    const wide = livelyParameters(engine(), networkConfig(many))
    const { rolledOut, withheld, segments } = await drawn(one, (view) =>
      pictures.order(many, one, 5, view, wide, { rollOut: true, causality: false }),
    )
    wide.dispose()
    expect([segments, rolledOut]).toEqual([256, null])
    expect(withheld).toMatch(/up to 64 segments.*This one has 256\./)
  })

  /** Cells that moved although they may not, and cells that did not although they may. */
  const wrongOf = ({ causality, ranks: own }: OrderPicture) => {
    const { disturbedFrom, moved, tolerance } = causality!
    const found = { leaks: 0, still: 0, largest: 0 }
    disturbedFrom.forEach((from, trial) =>
      own.forEach((rank, cell) => {
        const change = moved[trial * CELLS + cell]!
        if (rank <= from) found.largest = Math.max(found.largest, change)
        if (rank <= from && change > tolerance) found.leaks++
        if (rank > from && rank > 0 && !(change > tolerance)) found.still++
      }),
    )
    return found
  }

  test.each([
    ['four', '2'],
    ['sixteen', '1'],
  ] as const)(
    'its check of %s segments finds no leak: nothing moves by a single bit that may not',
    async (_, segmentSize) => {
      const checked = await order({ ...pictured, segmentSize }, false, true)
      expect([...checked.causality!.disturbedFrom]).toEqual([...Array(checked.segments).keys()])
      expect(wrongOf(checked)).toEqual({ leaks: 0, still: 0, largest: 0 })
    },
  )

  test.each(['firstSegment', 'offByOne'] as const)('its check finds %s', async (maskMistake) => {
    const { leaks, largest } = wrongOf(await order({ ...pictured, maskMistake }, false, true))
    expect(leaks).toBeGreaterThan(0)
    expect(largest).toBeGreaterThan(1e-3)
  })
})

describe('attention', () => {
  const ranks = sampleOrders(pictured, one, 5)[0]!.ranks
  let parts: readonly AttentionPart[]
  beforeAll(async () => {
    const picture = await drawn(one, (view) =>
      pictures.attention(pictured, one, 5, view, parameters),
    )
    expect(picture).toMatchObject({ kind: 'attention', sample: 17, grid: 4, size: 32 })
    parts = picture!.parts
  })

  test('has four parts of every layer and head', () => {
    expect(parts.map(({ id }) => id)).toEqual(['encoder', 'maskedEncoder', 'decoder', 'memory'])
    for (const part of parts) {
      expect(part).toMatchObject({ layers: 2, heads: 3, queries: 'patches', classKey: false })
      expect(part.weights).toHaveLength(2 * 3 * CELLS * CELLS)
    }
  })

  test('lies where the masks let it, and is whole', () => {
    const sees: Record<string, (query: number, key: number) => boolean> = {
      encoder: () => true,
      maskedEncoder: (query, key) => ranks[key]! <= ranks[query]!,
      decoder: (query, key) => key === query || (ranks[key]! >= 1 && ranks[key]! <= ranks[query]!),
      memory: (query, key) => ranks[key]! < ranks[query]!,
    }
    for (const { id, weights } of parts) {
      weights.forEach((weight, i) => {
        const query = Math.floor(i / CELLS) % CELLS
        expect(weight > 0, `${id} ${i}`).toBe(sees[id]!(query, i % CELLS))
      })
      for (let row = 0; row < weights.length; row += CELLS) {
        const sum = weights.subarray(row, row + CELLS).reduce((a, b) => a + b)
        const nowhere = id === 'memory' && ranks[(row / CELLS) % CELLS] === 0
        expect(sum).toBeCloseTo(nowhere ? 0 : 1, 5)
      }
    }
  })

  test('of the whole image is that of the encoder as it is evaluated', async () => {
    const view = viewsOf(one, CIFAR_STATISTICS)
    const direct = await take(
      tf.tidy(() => {
        const layers: tf.Tensor4D[] = []
        new RandsacNetwork(networkConfig(pictured), parameters).encode(view, {
          onAttention: (layer) => layers.push(layer),
        })
        return tf.concat(layers, 0)
      }),
    )
    view.dispose()
    expect(parts[0]!.weights).toEqual(direct)
  })

  test('of too many patches is that of the last layers alone, and says so', async () => {
    const [order] = sampleOrders(pictured, one, 5)
    const last = await drawn(one, (view) =>
      attentionParts(pictured, order!, view, parameters, CELLS - 1),
    )
    expect(last.map(({ layers }) => layers)).toEqual([1, 1, 1, 1])
    last.forEach(({ weights, help }, part) => {
      expect(weights).toEqual(parts[part]!.weights.subarray(3 * CELLS * CELLS))
      expect(help).toMatch(/last layer alone/)
    })
  })
})
