import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import type { Strips } from '../../pictures.ts'
import { presetValues } from '../../settings/selection.ts'
import { sampleClaims, shownTensors } from '../dilemma/pictures/sampleClaims.ts'
import { everyPixel, one, originalAt, patchOf, viewsOf } from '../testing/samples.ts'
import { networkConfig } from './config.ts'
import { mae } from './description.ts'
import { host } from './host.ts'
import { decoderCells } from './step.ts'
import { MaeNetwork } from './network.ts'
import { pictures } from './pictures.ts'
import type { MaeSettings } from './settings.ts'
import { livelyParameters } from './testing/networks.ts'

const engine = useEngine()

const SIDE = 8
const CELLS = 16
const NUMBERS = 3 * SIDE * SIDE
const MASKS = 5

/** 16 patches of 8 pixels, 4 of them visible; half of these claim wrong places. */
const small: MaeSettings = {
  ...(presetValues(mae, 'tiny') as MaeSettings),
  patchSize: '8',
  width: 12,
  heads: 3,
  decoderWidth: 8,
  mismatch: 0.5,
}
const raw: MaeSettings = { ...small, target: 'raw' }

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine(), networkConfig(small))
})
afterAll(() => parameters.dispose())

/** The table of one sample; no tensor is left of it. */
async function stripsOf(settings: MaeSettings): Promise<Strips> {
  const views = viewsOf(one, CIFAR_STATISTICS)
  const before = engine().memory().tensors
  const table = await pictures.strips(settings, one, MASKS, views, parameters)
  expect(engine().memory().tensors).toBe(before)
  views.dispose()
  return table
}

const [claims] = sampleClaims(host.plan(small), small.seed, MASKS, one.indices)
const isMasked = (pixel: number): boolean => !claims!.real.includes(patchOf(pixel, SIDE))

/** Patches [cells, 3P²] as the network paints them for the sample. */
const paintedBy = (settings: MaeSettings): Promise<Float32Array> =>
  take(
    tf.tidy(() => {
      const network = new MaeNetwork(networkConfig(settings), parameters)
      const shown = shownTensors([claims!])
      const latent = network.encode(viewsOf(one, CIFAR_STATISTICS), shown)
      const labels = tf.tensor2d([[...claims!.labels]])
      return network.decode(latent, decoderCells(settings, shown.real, labels))
    }),
  )

/** The colours of a pixel of 32 × 32 in a picture of the table, of any size. */
function colourOf({ pixels, size, columns }: Strips, id: string, pixel: number): number[] {
  const times = size / 32
  const column = columns.findIndex((each) => each.id === id)
  const at = (column * size + Math.floor(pixel / 32) * times) * size + (pixel % 32) * times
  return [...pixels.subarray(4 * at, 4 * at + 3)]
}

const { mean: MEAN, deviation: DEVIATION } = CIFAR_STATISTICS

const normalised = (byte: number, channel: number): number =>
  (byte / 255 - MEAN[channel]!) / DEVIATION[channel]!

const byteOf = (value: number, channel: number): number =>
  Math.min(255, Math.max(0, 255 * (value * DEVIATION[channel]! + MEAN[channel]!)))

/** The colours of a pixel as it is painted raw. */
const rawColours = (painted: Float32Array, pixel: number): number[] =>
  [0, 1, 2].map((channel) => {
    const [y, x] = [Math.floor(pixel / 32) % SIDE, pixel % SIDE]
    const value = painted[patchOf(pixel, SIDE) * NUMBERS + channel * SIDE * SIDE + y * SIDE + x]!
    return byteOf(value, channel)
  })

const farFrom = (found: readonly number[], wanted: readonly number[]): boolean =>
  wanted.some((value, channel) => Math.abs(value - found[channel]!) > 1)

const ids = ({ columns }: Strips): string[] => columns.map(({ id }) => id)

describe('what MAE paints', () => {
  test('stands behind what all hosts show; without DILEMMA it is all', async () => {
    const table = await stripsOf(small)
    expect(ids(table)).toEqual([
      ...['original', 'shown', 'believed', 'labels', 'probability'],
      ...['reconstruction', 'error'],
    ])
    expect(table.maskedWord).toBe('misplaced')
    const plain = await stripsOf({ ...small, dilemma: false })
    expect(ids(plain)).toEqual(['original', 'shown', 'reconstruction', 'error'])
    expect(plain).toMatchObject({ maskedWord: 'masked', masked: [{ count: 12, of: 16 }], size: 32 })
    expect(plain.scores).toBeUndefined()
    for (const { help } of plain.columns) expect(help).toMatch(/\.$/)
  })

  test.each(['all', 'honest'] as const)(
    'raw: visible pixels as they are, masked ones as painted, and the error (decoder gets %s)',
    async (decoderInput) => {
      const settings = { ...raw, decoderInput }
      const [table, painted] = [await stripsOf(settings), await paintedBy(settings)]
      const wrong = everyPixel.filter((pixel) => {
        const original = originalAt(one, 0, pixel)
        const wanted = isMasked(pixel) ? rawColours(painted, pixel) : original
        const error = wanted.reduce((sum, value, c) => sum + Math.abs(value - original[c]!) / 3, 0)
        return (
          farFrom(colourOf(table, 'reconstruction', pixel), wanted) ||
          farFrom(colourOf(table, 'error', pixel), [error, error, error])
        )
      })
      expect(wrong).toEqual([])
    },
  )

  test('normalised: masked patches have mean and contrast of the true ones', async () => {
    const [table, painted] = [await stripsOf(small), await paintedBy(small)]
    for (let cell = 0; cell < CELLS; cell++) {
      const own = everyPixel.filter((pixel) => patchOf(pixel, SIDE) === cell)
      if (!isMasked(own[0]!)) continue
      const truth = own.flatMap((pixel) =>
        originalAt(one, 0, pixel).map((value, c) => normalised(value, c)),
      )
      const mean = truth.reduce((sum, value) => sum + value, 0) / NUMBERS
      const squares = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      const deviation = Math.sqrt(squares / (NUMBERS - 1) + 1e-6)
      const wrong = own.filter((pixel, i) => {
        const [y, x] = [Math.floor(i / SIDE), i % SIDE]
        const wanted = [0, 1, 2].map((channel) => {
          const value = painted[cell * NUMBERS + channel * SIDE * SIDE + y * SIDE + x]!
          return byteOf(value * deviation + mean, channel)
        })
        return farFrom(colourOf(table, 'reconstruction', pixel), wanted)
      })
      expect(wrong).toEqual([])
    }
  })
})
