import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CIFAR_STATISTICS } from '../../../data/statistics.ts'
import type { Parameters } from '../../../engine/parameters.ts'
import { useEngine } from '../../../engine/testing/opCase.ts'
import { take, upload } from '../../../engine/testing/run.ts'
import type { PlacesWish, Strips } from '../../../pictures.ts'
import {
  cellOf,
  colourAt,
  everyPixel,
  one,
  originalAt,
  patchOf,
  samples,
  viewsOf,
} from '../../testing/samples.ts'
import type { CorruptorPlan } from '../corruptor.ts'
import { hostDetector } from '../detector.ts'
import type { Host } from '../host.ts'
import { claimInputs, sampleDraw } from '../inputs.ts'
import { livelyParameters, planWith, SMALL } from '../testing/networks.ts'
import { FALSE_PLACE, probabilityColour, TRUE_PLACE } from './colours.ts'
import type { HostSettings } from './columns.ts'
import { hostPictures } from './hostPictures.ts'
import { rankingOf } from './ranking.ts'
import { sampleClaims } from './sampleClaims.ts'

const engine = useEngine()

/** 16 patches of 8 pixels. */
const CONFIG = { ...SMALL, imageSize: 32, patchSize: 8 }
const SIDE = 8
const CELLS = 16
const SEED = 3
const MASKS = 5

/** A host whose plan is known; its settings say nothing else. */
const hostOf = (
  plan: CorruptorPlan,
  teacher?: Host<HostSettings>['teacher'],
): Host<HostSettings> => ({
  plan: () => plan,
  student: (source) => source,
  ...(teacher && { teacher }),
  config: () => CONFIG,
})

const settings: HostSettings = { seed: SEED }
const misled = planWith({ mismatch: 0.5 })
const honest = planWith({ mismatch: 0, detects: false })
const whole = planWith({ mismatch: 0, detects: false, dropRate: 0 })

let parameters: Parameters
let teacher: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine(), CONFIG)
  teacher = livelyParameters(engine(), CONFIG, 2)
})
afterAll(() => {
  parameters.dispose()
  teacher.dispose()
})

/** Draws something on views of samples, and sees to it that no tensor is left. */
async function drawn<T>(of: typeof one, draw: (views: tf.Tensor4D) => Promise<T>): Promise<T> {
  const views = viewsOf(of, CIFAR_STATISTICS)
  const before = engine().memory().tensors
  const picture = await draw(views)
  expect(engine().memory().tensors).toBe(before)
  views.dispose()
  return picture
}

/** Probabilities by the logits of the evaluated detector for the same draws, [samples][tokens]. */
async function evaluatedProbabilities(plan: CorruptorPlan, of = samples): Promise<Float32Array[]> {
  const logits = await take(
    tf.tidy(() => {
      const draws = of.indices.map((index) => sampleDraw(SEED, MASKS, index))
      const inputs = Object.fromEntries(
        Object.entries(claimInputs(plan, draws, 0)).map(([name, { shape, data }]) => [
          name,
          upload({ shape, data }),
        ]),
      )
      const views = viewsOf(of, CIFAR_STATISTICS)
      const detector = hostDetector(hostOf(plan))
      return detector.detect(settings, views, inputs, parameters).logits
    }),
  )
  return of.indices.map((_, row) =>
    logits.slice(row * plan.kept, (row + 1) * plan.kept).map((logit) => 1 / (1 + Math.exp(-logit))),
  )
}

const previewOf = (plan: CorruptorPlan) =>
  hostPictures(hostOf(plan)).preview(settings, samples, MASKS)

const stripsOf = (plan: CorruptorPlan) =>
  drawn(samples, (views) =>
    hostPictures(hostOf(plan)).strips(settings, samples, MASKS, views, parameters),
  )

const claimsOf = (plan: CorruptorPlan) => sampleClaims(plan, SEED, MASKS, samples.indices)

const GREY = [128, 128, 128]

/** The pixel of a picture of 64 × 64 that shows the upper left quarter of one of 32 × 32. */
const enlargedPixel = (pixel: number): number => 2 * 64 * Math.floor(pixel / 32) + 2 * (pixel % 32)

/** A cell of a table of any size. */
function tableCell({ pixels, size, columns }: Strips, row: number, id: string): Uint8ClampedArray {
  const bytes = 4 * size * size
  const at = row * columns.length + columns.findIndex((column) => column.id === id)
  return pixels.subarray(at * bytes, (at + 1) * bytes)
}

/** The colour in the middle of a patch of a picture, of any size. */
function middleOf(picture: Uint8ClampedArray, cell: number): number[] {
  const size = Math.sqrt(picture.length / 4)
  const [row, column] = [Math.floor(cell / 4), cell % 4].map((at) => ((at + 0.5) * size) / 4)
  return colourAt(picture, row! * size + column!)
}

const samePixel = (picture: Uint8ClampedArray, pixel: number, colour: readonly number[]): boolean =>
  colourAt(picture, pixel).every((value, channel) => value === colour[channel])

/** Whether a pixel of 32 × 32 touches the edge of its patch. */
const isEdge = (pixel: number): boolean =>
  [Math.floor(pixel / 32), pixel % 32].some((at) => at % SIDE === 0 || at % SIDE === SIDE - 1)

describe('what is known before a network looks', () => {
  test('columns that would say nothing are left out', () => {
    const idsOf = (plan: CorruptorPlan) => previewOf(plan).columns.map(({ id }) => id)
    expect(idsOf(misled)).toEqual(['original', 'shown', 'believed', 'labels'])
    expect(idsOf(planWith({ dropRate: 0 }))).toEqual(['original', 'shown', 'believed', 'labels'])
    expect(idsOf(planWith({ mismatch: 0 }))).toEqual(['original', 'shown'])
    expect(idsOf(honest)).toEqual(['original', 'shown'])
    expect(idsOf(whole)).toEqual(['original'])
  })

  test('counts wrong places where there are any, else patches that are not shown', () => {
    const table = previewOf(misled)
    expect(table.maskedWord).toBe('misplaced')
    expect(table.masked).toEqual(
      claimsOf(misled).map(({ labels }) => ({
        count: labels.filter((label) => label === 1).length,
        of: 8,
      })),
    )
    expect(previewOf(honest)).toMatchObject({
      maskedWord: 'dropped',
      masked: Array(3).fill({ count: 8, of: 16 }),
      size: 32,
    })
    expect(table.size).toBe(64)
    for (const { help } of table.columns) expect(help).toMatch(/\.$/)
  })

  test('shown patches lie in their true cells, the others are grey', () => {
    const table = previewOf(honest)
    for (const [row, { real }] of claimsOf(honest).entries()) {
      const shown = cellOf(table, row, 'shown')
      const wrong = everyPixel.filter((pixel) => {
        const seen = real.includes(patchOf(pixel, SIDE))
        return !samePixel(shown, pixel, seen ? originalAt(samples, row, pixel) : GREY)
      })
      expect(wrong).toEqual([])
    }
  })

  test('the believed image has every patch where it claims to lie, false ones on top and framed', () => {
    // With nothing dropped wrong places are taken by others, too.
    for (const plan of [misled, planWith({ dropRate: 0, mismatch: 0.5 })]) {
      const table = previewOf(plan)
      for (const [row, { real, claimed, labels }] of claimsOf(plan).entries()) {
        const [shown, believed] = ['shown', 'believed'].map((id) => tableCell(table, row, id)) as [
          Uint8ClampedArray,
          Uint8ClampedArray,
        ]
        const wrong = everyPixel.filter((pixel) => {
          const cell = patchOf(pixel, SIDE)
          const here = [...claimed.keys()].filter((token) => claimed[token] === cell)
          const token = here.find((each) => labels[each] === 1) ?? here[0]
          if (isEdge(pixel)) return false
          const from = token === undefined ? 0 : real[token]!
          const rows = Math.floor(from / 4) - Math.floor(cell / 4)
          const source = pixel + (rows * 32 + (from % 4) - (cell % 4)) * SIDE
          const wanted = token === undefined ? GREY : originalAt(samples, row, source)
          return !samePixel(believed, enlargedPixel(pixel), wanted)
        })
        expect(wrong).toEqual([])
        real.forEach((cell, token) => {
          const isFalse = labels[token] === 1
          const corner = (of: number) => enlargedPixel((Math.floor(of / 4) * 32 + (of % 4)) * SIDE)
          expect(samePixel(shown, corner(cell), FALSE_PLACE)).toBe(isFalse)
          if (isFalse) expect(samePixel(believed, corner(claimed[token]!), FALSE_PLACE)).toBe(true)
        })
      }
    }
  })

  test('labels are blue and orange, at the true cells', () => {
    const table = previewOf(misled)
    for (const [row, { real, labels }] of claimsOf(misled).entries())
      for (let cell = 0; cell < CELLS; cell++) {
        const token = real.indexOf(cell)
        const colour = token < 0 ? GREY : labels[token] === 1 ? FALSE_PLACE : TRUE_PLACE
        expect(middleOf(tableCell(table, row, 'labels'), cell)).toEqual([...colour])
      }
  })
})

describe('what the network makes of it', () => {
  test('the whole table begins with the preview, and goes on with the detector', async () => {
    const [table, preview] = [await stripsOf(misled), previewOf(misled)]
    expect(table.columns.slice(0, 4)).toEqual(preview.columns)
    expect(table.columns.map(({ needsNetwork }) => needsNetwork ?? false)).toEqual([
      ...Array<boolean>(4).fill(false),
      true,
    ])
    expect(table).toMatchObject({ masked: preview.masked, size: preview.size })
    for (const row of samples.indices.keys())
      for (const { id } of preview.columns)
        expect(tableCell(table, row, id)).toEqual(tableCell(preview, row, id))
  })

  test('probabilities and their ranking are those that evaluation finds', async () => {
    const table = await stripsOf(misled)
    const probabilities = await evaluatedProbabilities(misled)
    expect(table.scores!.values.map((row) => row.slice(0, 4))).toEqual(
      Array(3).fill([null, null, null, null]),
    )
    for (const [row, { real, labels }] of claimsOf(misled).entries()) {
      const own = probabilities[row]!
      expect(table.scores!.values[row]![4]).toBeCloseTo(rankingOf(own, labels)!, 6)
      real.forEach((cell, token) => {
        const colour = middleOf(tableCell(table, row, 'probability'), cell)
        const wanted = probabilityColour(own[token]!)
        colour.forEach((value, c) => expect(Math.abs(value - wanted[c]!)).toBeLessThan(1))
      })
    }
  })

  test('with p = 0 there is nothing to rank; without a detector the preview is all', async () => {
    const table = await stripsOf(planWith({ mismatch: 0 }))
    expect(table.columns.map(({ id }) => id)).toEqual(['original', 'shown', 'probability'])
    expect(table.scores).toBeUndefined()
    expect(table.size).toBe(32)
    expect(await stripsOf(honest)).toEqual(previewOf(honest))
  })
})

test('ranking: wins less losses over all pairs', () => {
  expect(rankingOf([0.9, 0.1, 0.8], [1, 0, 1])).toBe(1)
  expect(rankingOf([0.1, 0.9], [1, 0])).toBe(-1)
  expect(rankingOf([0.5, 0.5, 0.2], [1, 0, 0])).toBe(0.5)
  expect(rankingOf([0.5, 0.5], [1, 1])).toBeNull()
  expect(rankingOf([], [])).toBeNull()
})

describe('class attention', () => {
  const look = (plan: CorruptorPlan, withTeacher: boolean) =>
    drawn(one, async (view) => {
      const host = hostOf(plan, withTeacher ? () => teacher : undefined)
      const picture = await hostPictures(host).attention(settings, one, MASKS, view, parameters)
      return picture!.parts
    })

  test('of the teacher in the whole image, of the student in what it is shown', async () => {
    const parts = await look(misled, true)
    expect(parts.map(({ id, label }) => [id, label])).toEqual([
      ['whole', 'Whole image (teacher)'],
      ['shown', 'As shown (student)'],
    ])
    const [claims] = claimsOf(misled)
    for (const { id, weights, visible, layers, heads } of parts) {
      expect(weights).toHaveLength(layers * heads * (1 + CELLS))
      for (let row = 0; row < layers * heads; row++) {
        const shares = weights.subarray(row * (1 + CELLS), (row + 1) * (1 + CELLS))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
        shares
          .subarray(1)
          .forEach((share, cell) =>
            expect(share > 0).toBe(id === 'whole' || claims!.real.includes(cell)),
          )
      }
      if (id === 'shown')
        expect([...visible!.keys()].filter((cell) => visible![cell] === 1)).toEqual(
          [...claims!.real].sort((a, b) => a - b),
        )
      else expect(visible).toBeUndefined()
    }
    // Another network looks elsewhere.
    const [ofStudent] = await look(misled, false)
    expect(ofStudent!.label).toBe('Whole image')
    expect(ofStudent!.weights).not.toEqual(parts[0]!.weights)
  })

  test('one part where the whole image is shown; a wrong place moves it', async () => {
    const [plain, ...others] = await look(whole, false)
    expect(others).toEqual([])
    const [same, shown] = await look(planWith({ dropRate: 0, mismatch: 0.5 }), false)
    expect(same!.weights).toEqual(plain!.weights)
    expect(shown!.visible).toBeUndefined()
    const moved = shown!.weights.map((share, i) => Math.abs(share - plain!.weights[i]!))
    expect(Math.max(...moved)).toBeGreaterThan(1e-3)
  })
})

describe('places', () => {
  const look = (wish: Partial<PlacesWish>) =>
    drawn(one, (view) =>
      hostPictures(hostOf(misled)).places(settings, one, MASKS, view, parameters, {
        sample: 17,
        tokens: null,
        sweep: null,
        ...wish,
      }),
    )
  const [own] = sampleClaims(misled, SEED, MASKS, one.indices)

  test('as drawn: the claims of the table, and the probabilities that evaluation finds', async () => {
    const picture = await look({})
    expect(picture).toMatchObject({ kind: 'places', sample: 17, grid: 4, size: 32, drawn: true })
    expect(picture.real).toEqual(own!.real)
    expect(picture.claimed).toEqual(own!.claimed)
    expect(picture.sweep).toBeNull()
    const [wanted] = await evaluatedProbabilities(misled, one)
    picture.probabilities.forEach((probability, token) =>
      expect(probability).toBeCloseTo(wanted![token]!, 5),
    )
  })

  test('as arranged: any patches at any cells; what is no arrangement is drawn', async () => {
    const tokens = { real: [15, 2, 7], claimed: [15, 7, 7] }
    const picture = await look({ tokens })
    expect(picture.drawn).toBe(false)
    expect([...picture.real]).toEqual(tokens.real)
    expect([...picture.claimed]).toEqual(tokens.claimed)
    expect(picture.probabilities).toHaveLength(3)
    const moved = await look({ tokens: { ...tokens, claimed: [15, 2, 7] } })
    expect(Math.abs(moved.probabilities[1]! - picture.probabilities[1]!)).toBeGreaterThan(1e-3)
    const wrong = await look({ tokens: { real: [15, 15], claimed: [1, 2] } })
    expect(wrong.drawn).toBe(true)
    expect(wrong.probabilities).toEqual((await look({})).probabilities)
  })

  test('a sweep meets the picture where the patch claims to lie now', async () => {
    const tokens = { real: [15, 2, 7], claimed: [15, 9, 7] }
    const { sweep, probabilities } = await look({ tokens, sweep: 2 })
    expect(sweep!.cell).toBe(2)
    expect(sweep!.own).toHaveLength(CELLS)
    expect(sweep!.own[9]).toBeCloseTo(probabilities[1]!, 5)
    expect(sweep!.others[9]).toBeCloseTo((probabilities[0]! + probabilities[2]!) / 2, 5)
    const elsewhere = await look({ tokens: { ...tokens, claimed: [15, 0, 7] } })
    expect(sweep!.own[0]).toBeCloseTo(elsewhere.probabilities[1]!, 5)
    expect((await look({ tokens, sweep: 3 })).sweep).toBeNull()
  })

  test('dragging compiles nothing', async () => {
    const tokens = { real: [15, 2, 7], claimed: [15, 9, 7] }
    await look({ tokens, sweep: 2 })
    const spies = (['createComputePipeline', 'createComputePipelineAsync'] as const).map((name) =>
      vi.spyOn(engine().device, name),
    )
    await look({ tokens: { real: [1, 3, 5], claimed: [1, 4, 0] }, sweep: 3 })
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})
