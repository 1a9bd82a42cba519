import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import type { Showing } from '../featureExtractor.ts'
import {
  edgesOnly,
  patchesFilled,
  patchesShuffled,
  positionsPermuted,
  removedCount,
  silhouetteOnly,
  tokensRemoved,
} from './disturbances.ts'
import { shuffleCells } from './pixels.ts'

useEngine()

const VIEWS = noise([3, 32, 32, 3], 1)

/** Pixels after the disturbance, [3, 32, 32, 3]. */
const disturbed = async ({ disturb }: Showing): Promise<Float32Array> =>
  take(tf.tidy(() => disturb!(upload<tf.Rank.R4>(VIEWS))))

/** The cell of a pixel value by its place in VIEWS. */
const cellOf = (at: number, size: number): number => {
  const [x, y] = [Math.floor(at / 3) % 32, Math.floor(at / 96) % 32]
  return Math.floor(y / size) * (32 / size) + Math.floor(x / size)
}

describe('patches', () => {
  it('are as many as the share says, and one stays', () => {
    const shares = [0, 10, 50, 90, 100]
    expect(shares.map((share) => removedCount(share, 64))).toEqual([0, 6, 32, 58, 63])
    expect(shares.map((share) => removedCount(share, 16))).toEqual([0, 2, 8, 14, 15])
  })

  it.each([
    [4, 30],
    [8, 90],
    [2, 50],
  ])(
    'of %i pixels are filled with 0 where tokens are removed, and only there',
    async (size, share) => {
      const patches = { size, cells: (32 / size) ** 2 }
      const kept = [...tokensRemoved(5, share, patches)(100).kept!]
      expect(kept).toHaveLength(patches.cells - removedCount(share, patches.cells))
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
      const expected = Array.from(VIEWS.data, (value, at) =>
        kept.includes(cellOf(at, size)) ? value : 0,
      )
      const pixels = await disturbed(patchesFilled(5, share, patches)(100))
      // A product with 0 may be −0.
      expect([...pixels].map((value) => value + 0)).toEqual(expected)
    },
  )

  it('stay whole for a share of 0', async () => {
    const patches = { size: 4, cells: 64 }
    expect(await disturbed(patchesFilled(5, 0, patches)(0))).toEqual(VIEWS.data)
    const all = Float32Array.from({ length: 64 }, (_, cell) => cell)
    expect(tokensRemoved(5, 0, patches)(0).kept).toEqual(all)
  })

  it('that a larger share removes contain those of a smaller one', () => {
    const kept = (share: number) => [...tokensRemoved(1, share, { size: 4, cells: 64 })(0).kept!]
    for (const share of [10, 40, 80])
      expect(kept(share)).toEqual(expect.arrayContaining(kept(share + 10)))
  })
})

describe('shuffled cells', () => {
  it('are in their places in a grid of one', async () => {
    expect(await disturbed(patchesShuffled(5, 1)(0))).toEqual(VIEWS.data)
  })

  it.each([2, 4, 8])('of a grid of %i show what the order says', async (grid) => {
    const order = Uint32Array.from({ length: grid * grid }, (_, cell) => (cell + 3) % grid ** 2)
    const pixels = await take(tf.tidy(() => shuffleCells(upload<tf.Rank.R4>(VIEWS), order, grid)))
    const size = 32 / grid
    const expected = Float32Array.from(VIEWS.data, (_, at) => {
      const from = order[cellOf(at, size)]!
      const [x, y] = [Math.floor(at / 3) % 32, Math.floor(at / 96) % 32]
      const [fromX, fromY] = [
        (from % grid) * size + (x % size),
        Math.floor(from / grid) * size + (y % size),
      ]
      const image = Math.floor(at / 3072)
      return VIEWS.data[image * 3072 + (fromY * 32 + fromX) * 3 + (at % 3)]!
    })
    expect(pixels).toEqual(expected)
  })

  it('are in another order for another batch and another grid', async () => {
    const [a, b] = [patchesShuffled(5, 4)(0), patchesShuffled(5, 4)(100)]
    const pixels = await disturbed(a)
    expect(await disturbed(patchesShuffled(5, 4)(0))).toEqual(pixels)
    expect(await disturbed(b)).not.toEqual(pixels)
    expect([...pixels].sort()).toEqual([...(VIEWS.data as Float32Array)].sort())
  })
})

it('permutes positions, in another way for every batch and seed', () => {
  const patches = { size: 8, cells: 16 }
  const order = (seed: number, first: number): number[] => [
    ...(positionsPermuted(seed, patches)(first).positions as Float32Array),
  ]
  expect(order(1, 0).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i))
  expect(order(1, 0)).toEqual(order(1, 0))
  expect(order(1, 0)).not.toEqual(order(1, 100))
  expect(order(1, 0)).not.toEqual(order(2, 0))
})

describe('drawings', () => {
  const normalisation = { mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.25, 0.5] } as const
  /** A pixel of VIEWS in float64; beyond the border the image goes on mirrored. */
  const at = (image: number, y: number, x: number, channel: number): number => {
    const inner = (place: number): number =>
      place < 0 ? -1 - place : place > 31 ? 63 - place : place
    return VIEWS.data[((image * 32 + inner(y)) * 32 + inner(x)) * 3 + channel]!
  }
  const { mean, deviation } = normalisation
  const expectGrey = (pixels: Float32Array, expected: readonly number[], digits: number): void => {
    expected.forEach((value, i) =>
      [0, 1, 2].forEach((channel) =>
        expect(pixels[3 * i + channel]! * deviation[channel]! + mean[channel]!).toBeCloseTo(
          value,
          digits,
        ),
      ),
    )
  }
  const places = Array.from({ length: 1024 }, (_, i) => [i >> 5, i % 32] as const)

  it('of edges are Sobel’s gradient of the brightness, white where it is longest', async () => {
    const brightness = (image: number, y: number, x: number): number =>
      [0.299, 0.587, 0.114].reduce(
        (sum, weight, c) => sum + weight * (at(image, y, x, c) * deviation[c]! + mean[c]!),
        0,
      )
    const expected = [0, 1, 2].flatMap((image) => {
      const lengths = places.map(([y, x]) => {
        const b = (dy: number, dx: number): number => brightness(image, y + dy, x + dx)
        const across = (dy: number): number => b(dy, 1) - b(dy, -1)
        const down = (dx: number): number => b(1, dx) - b(-1, dx)
        return Math.hypot(across(-1) + 2 * across(0) + across(1), down(-1) + 2 * down(0) + down(1))
      })
      return lengths.map((length) => length / Math.max(...lengths))
    })
    expectGrey(await disturbed(edgesOnly(normalisation)(0)), expected, 4)
  })

  it('of silhouettes are black where the blurred colour is far from the margin’s', async () => {
    const expected = [0, 1, 2].flatMap((image) => {
      const isMargin = (place: number): boolean => place < 2 || place > 29
      const border = places.filter(([y, x]) => isMargin(y) || isMargin(x))
      expect(border).toHaveLength(240)
      const distances = places.map(([y, x]) =>
        Math.hypot(
          ...[0, 1, 2].map((channel) => {
            let sum = 0
            for (let dy = -2; dy <= 2; dy++)
              for (let dx = -2; dx <= 2; dx++) sum += at(image, y + dy, x + dx, channel) / 25
            const margin = border.reduce((total, [v, u]) => total + at(image, v, u, channel), 0)
            return sum - margin / border.length
          }),
        ),
      )
      const average = distances.reduce((sum, value) => sum + value, 0) / distances.length
      return distances.map((distance) => Number(distance <= average))
    })
    expectGrey(await disturbed(silhouetteOnly(normalisation)(0)), expected, 4)
    expect(new Set(expected)).toEqual(new Set([0, 1]))
  })
})
