import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { Parameters, type ParameterSource } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import type { AttentionPart, Strips } from '../../pictures.ts'
import { presetValues } from '../../settings/selection.ts'
import {
  cellOf,
  colourAt,
  everyPixel,
  one,
  originalAt,
  patchOf,
  PIXELS,
  samples,
  viewsOf,
} from '../testing/samples.ts'
import { spread } from './attentionParts.ts'
import { networkConfig } from './config.ts'
import { extrema } from './description.ts'
import { sampleMasks } from './maskPictures.ts'
import { ExtremaNetwork } from './network.ts'
import { MASK_COLOURS } from './palette.ts'
import { pictures } from './pictures.ts'
import { maskTensor } from './scores.ts'
import type { ExtremaSettings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const settings: ExtremaSettings = {
  ...(presetValues(extrema, 'tiny') as ExtremaSettings),
  maskRatio: 0.8,
  maskCount: 3,
}
/** Patches, and how many are visible under a mask. */
const [PATCHES, VISIBLE] = [64, 12]

/** The masks under which a pixel of a sample is seen, by the masks of the network. */
const ownersOf = (masks: readonly Uint32Array[], pixel: number): number[] =>
  masks.flatMap((mask, i) => (mask.includes(patchOf(pixel, 4)) ? [i] : []))

const tinted = (original: readonly number[], tint: readonly number[]): number[] => {
  const grey = original.reduce((a, b) => a + b) / 3
  return tint.map((value) => Math.round(0.7 * value + 0.3 * grey))
}

describe('preview', () => {
  const preview = pictures.preview(settings, samples, 5)

  test('describes itself', () => {
    expect(preview.kind).toBe('strips')
    expect(preview.columns.map(({ id }) => id)).toEqual([
      'original',
      'masks',
      'mask1',
      'mask2',
      'mask3',
    ])
    expect(preview.samples).toEqual(samples.indices)
    expect(preview.masked).toEqual(Array(3).fill({ count: PATCHES - VISIBLE, of: PATCHES }))
    expect(preview.scores).toBeUndefined()
    expect(preview.pixels.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
    for (const { help } of preview.columns) expect(help).toMatch(/\.$/)
  })

  test('shows the visible patches of every mask, and all masks in their colours', () => {
    const masks = sampleMasks(settings, samples, 5)
    const wrong = [0, 1, 2].flatMap((row) =>
      everyPixel.filter((pixel) => {
        const original = originalAt(samples, row, pixel)
        const owners = ownersOf(masks[row]!, pixel)
        const tint = owners.length === 0 ? [128, 128, 128] : MASK_COLOURS[owners[0]!]!.rgb
        const expected = {
          original,
          masks: tinted(original, tint),
          mask1: owners.includes(0) ? original : [128, 128, 128],
          mask2: owners.includes(1) ? original : [128, 128, 128],
          mask3: owners.includes(2) ? original : [128, 128, 128],
        }
        return Object.entries(expected).some(([id, wanted]) =>
          colourAt(cellOf(preview, row, id), pixel).some(
            (value, c) => Math.abs(value - wanted[c]!) > 1,
          ),
        )
      }),
    )
    expect(wrong).toEqual([])
  })

  test('disjoint masks of a whole image leave nothing grey and share nothing', () => {
    const [masks] = sampleMasks({ ...settings, maskRatio: 0.75, maskCount: 4 }, one, 5)
    expect(masks!.flatMap((mask) => [...mask]).sort((a, b) => a - b)).toEqual([
      ...Array(PATCHES).keys(),
    ])
  })

  test('chequers what several independent masks share', () => {
    const independent = { ...settings, maskKind: 'independent', maskRatio: 0.25 } as const
    const overlay = cellOf(pictures.preview(independent, one, 5), 0, 'masks')
    const [masks] = sampleMasks(independent, one, 5)
    let shared = 0
    for (const pixel of everyPixel) {
      const owners = ownersOf(masks!, pixel)
      if (owners.length < 2) continue
      shared++
      const original = originalAt(samples, 0, pixel)
      const [y, x] = [Math.floor(pixel / 32), pixel % 32]
      const mine = MASK_COLOURS[owners[(x + y) % owners.length]!]!.rgb
      tinted(original, mine).forEach((value, c) => {
        expect(Math.abs(value - colourAt(overlay, pixel)[c]!)).toBeLessThanOrEqual(1)
      })
    }
    expect(shared).toBeGreaterThan(PIXELS / 2)
  })

  test('masks depend on the mask seed, the run seed and the image, not on its row', () => {
    const maskOf = (table: Strips, row: number) => [...cellOf(table, row, 'masks')]
    expect(maskOf(pictures.preview(settings, one, 5), 0)).toEqual(maskOf(preview, 0))
    const others = [
      pictures.preview(settings, one, 6),
      pictures.preview({ ...settings, seed: 2 }, one, 5),
    ]
    for (const other of others) expect(maskOf(other, 0)).not.toEqual(maskOf(preview, 0))
    const [first, second] = sampleMasks(settings, samples, 5)
    expect(first).not.toEqual(second)
  })

  test('has as many columns as there are masks', () => {
    const columns = (change: Partial<ExtremaSettings>) =>
      pictures.preview({ ...settings, ...change }, one, 5).columns.length
    expect(columns({ maskCount: 1 })).toBe(3)
    expect(columns({ maskCount: 10, maskRatio: 0.95 })).toBe(12)
    // Four disjoint masks of 16 patches are all that 64 have room for.
    expect(columns({ maskCount: 10, maskRatio: 0.75 })).toBe(6)
    expect(columns({ maskCount: 10, maskRatio: 0.75, maskKind: 'independent' })).toBe(12)
  })
})

/** Two networks that differ: the second is the teacher of the first. */
let parameters: ParameterSource
let owned: Parameters[] = []
beforeAll(() => {
  owned = [1, 2].map((seed) => new Parameters(engine(), training.parameters({ ...settings, seed })))
  const [student, teacher] = owned as [Parameters, Parameters]
  parameters = { get: (name) => student.get(name), has: (name) => student.has(name), teacher }
})
afterAll(() => owned.forEach((each) => each.dispose()))

describe('strips', () => {
  test('are the preview with the cosines of every prediction with the target', async () => {
    const views = viewsOf(samples, CIFAR_STATISTICS)
    const before = engine().memory().tensors
    const strips = await pictures.strips(settings, samples, 5, views, parameters)
    expect(engine().memory().tensors).toBe(before)
    const { scores, ...table } = strips
    expect(table).toEqual(pictures.preview(settings, samples, 5))
    expect(scores!.label).toBe('Cosine with the target')
    expect(scores!.values).toHaveLength(3)

    const config = networkConfig(settings)
    const vector = (run: () => tf.Tensor2D) => take(tf.tidy(run))
    const masks = sampleMasks(settings, samples, 5)
    for (const row of [0, 1, 2]) {
      expect(scores!.values[row]).toHaveLength(strips.columns.length)
      expect(scores!.values[row]!.slice(0, 2)).toEqual([null, null])
      const view = views.slice([row, 0, 0, 0], [1, -1, -1, -1])
      const target = await vector(() => {
        const network = new ExtremaNetwork(config, parameters.teacher!)
        return network.project(network.norm(network.read(network.tokens(view))))
      })
      for (const [i, mask] of masks[row]!.entries()) {
        const prediction = await vector(() => {
          const network = new ExtremaNetwork(config, parameters)
          const tokens = network.tokens(view, { masks: maskTensor([[mask]]) })
          return network.predict(network.project(network.norm(network.read(tokens))))
        })
        const dot = prediction.reduce((sum, value, d) => sum + value * target[d]!, 0)
        const cosine = dot / Math.hypot(...prediction) / Math.hypot(...target)
        expect(scores!.values[row]![2 + i]).toBeCloseTo(cosine, 4)
      }
      view.dispose()
    }
    views.dispose()
  })

  test('have no score where the network gives no number', async () => {
    const broken: ParameterSource = {
      ...parameters,
      has: (name) => parameters.has(name),
      get: (name) => (name === 'predictor.3.bias' ? notANumber : parameters.get(name)),
    }
    const notANumber = tf.fill([settings.projectionSize], NaN)
    const views = viewsOf(one, CIFAR_STATISTICS)
    const { scores } = await pictures.strips(settings, one, 5, views, broken)
    expect(scores!.values).toEqual([[null, null, null, null, null]])
    tf.dispose([views, notANumber])
  })

  test('want a teacher', async () => {
    const views = viewsOf(one, CIFAR_STATISTICS)
    const alone: ParameterSource = { ...parameters, teacher: undefined }
    await expect(pictures.strips(settings, one, 5, views, alone)).rejects.toThrow('no teacher')
    views.dispose()
  })
})

describe('attention', () => {
  let parts: readonly AttentionPart[]
  const shape = ({ weights, layers, heads }: AttentionPart): number =>
    weights.length / layers / heads

  beforeAll(async () => {
    const view = viewsOf(one, CIFAR_STATISTICS)
    const before = engine().memory().tensors
    const picture = (await pictures.attention(settings, one, 5, view, parameters))!
    expect(engine().memory().tensors).toBe(before)
    expect(picture).toMatchObject({ kind: 'attention', sample: 17, grid: 8, size: 32 })
    const preview = pictures.preview(settings, one, 0)
    expect(picture.image).toEqual(cellOf(preview, 0, 'original').slice())
    parts = picture.parts
    view.dispose()
  })

  test('has three parts, each a probability over what its network was shown', () => {
    expect(parts.map(({ id }) => id)).toEqual(['trunk', 'class', 'maskedClass'])
    const [trunk, ofClass, masked] = parts as [AttentionPart, AttentionPart, AttentionPart]
    expect(trunk).toMatchObject({ layers: 2, heads: 3, queries: 'patches', classKey: false })
    expect(ofClass).toMatchObject({ layers: 2, heads: 3, queries: 'class', classKey: true })
    expect(masked).toMatchObject({ layers: 2, heads: 3, queries: 'class', classKey: true })
    expect(parts.map(shape)).toEqual([PATCHES * PATCHES, PATCHES + 1, PATCHES + 1])
    for (const { weights, classKey } of parts) {
      const keys = PATCHES + Number(classKey)
      for (let row = 0; row < weights.length; row += keys) {
        const probabilities = weights.subarray(row, row + keys)
        expect(Math.min(...probabilities)).toBeGreaterThanOrEqual(0)
        expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      }
    }
  })

  test('of the masked student lies on the patches that it was shown', () => {
    const [, ofClass, masked] = parts
    const [masks] = sampleMasks(settings, one, 5)
    expect(ofClass!.visible).toBeUndefined()
    expect([...masked!.visible!.keys()].filter((i) => masked!.visible![i] === 1)).toEqual(
      [...masks![0]!].sort((a, b) => a - b),
    )
    masked!.weights.forEach((weight, i) => {
      const key = i % (PATCHES + 1)
      expect(weight > 0).toBe(key === 0 || masked!.visible![key - 1] === 1)
    })
  })

  test('of the teacher is the teacher’s, of the student the student’s', async () => {
    const look = async (source: ParameterSource, masks?: Uint32Array): Promise<Float32Array> => {
      const view = viewsOf(one, CIFAR_STATISTICS)
      const values = take(
        tf.tidy(() => {
          const layers: tf.Tensor[] = []
          const network = new ExtremaNetwork(networkConfig(settings), source)
          const given = masks && { masks: maskTensor([[masks]]) }
          network.read(network.tokens(view, given), { onAttention: (layer) => layers.push(layer) })
          return tf.concat(layers, 0)
        }),
      )
      view.dispose()
      return values
    }
    const [, ofClass, masked] = parts
    expect(ofClass!.weights).toEqual(await look(parameters.teacher!))
    expect(ofClass!.weights).not.toEqual(await look(parameters))
    const mask = sampleMasks(settings, one, 5)[0]![0]!
    expect(masked!.weights).toEqual(spread(await look(parameters, mask), mask, PATCHES))
  })
})

test('spread puts weights where their cells are', () => {
  const spreadOut = spread(Float32Array.of(0.1, 0.2, 0.7, 0.4, 0.5, 0.1), Uint32Array.of(3, 0), 4)
  expect([...spreadOut]).toEqual(
    [0.1, 0.7, 0, 0, 0.2, 0.4, 0.1, 0, 0, 0.5].map((value) => Math.fround(value)),
  )
})
