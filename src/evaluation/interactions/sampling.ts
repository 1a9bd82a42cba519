import { randomAt, Stream } from '../../engine/random.ts'
import { contextsOf, contextsUpTo } from './contexts.ts'
import { estimateOf, imageInteractions, type ImageInteractions } from './estimate.ts'
import { exactInteractions } from './exact.ts'
import type { MaskedImage } from './maskedPass.ts'
import { allPairs, drawPairs } from './pairs.ts'

/** What is shown of an image, and what its rewards tell. */
export interface Sampling {
  /** Shown subsets of the cells, each a classified image. */
  readonly rows: number
  /** Pairs of an image, and the most contexts of a pair and order. */
  readonly pairs: number
  readonly contexts: number
  /**
   * The subsets, in order: 1 for every cell that is shown, else 0. One array, written anew for every subset.
   * @param image its place in its split: what is drawn depends on it
   */
  subsets(image: number): Iterable<Uint8Array>
  /** @param rewards of the subsets */
  interactions(rewards: Float64Array): ImageInteractions
}

/** The rows of an image. */
export function* rowsOf(sampling: Sampling, image: number): Generator<MaskedImage> {
  for (const subset of sampling.subsets(image)) yield { image, subset }
}

/** How a sample is drawn. */
export interface SamplePlan {
  readonly seed: number
  /** Cells a row and a column. */
  readonly grid: number
  /** Rising. */
  readonly orders: readonly number[]
  /** Pairs of an image, and contexts of a pair and order, unless there are fewer. */
  readonly pairs: number
  readonly contexts: number
}

/**
 * A sample of pairs and contexts: four rows for each of the contexts of each pair and order, S+i+j, S+i, S+j, S. Pairs are
 * drawn for every image; contexts depend on image, pair and order alone, so that a larger sample holds a smaller one, and
 * networks are shown the same.
 */
export function drawnSample({ seed, grid, orders, pairs, contexts }: SamplePlan): Sampling {
  const cells = grid ** 2
  const pairsOf = (image: number) =>
    drawPairs(grid, pairs, randomAt(seed, Stream.interactions, image))
  const counts = orders.map((order) => contextsUpTo(cells - 2, order, contexts))
  const isComplete = orders.map((order) => contextsUpTo(cells - 2, order, contexts + 1) <= contexts)
  const each = pairsOf(0).length
  return {
    rows: 4 * each * counts.reduce((sum, count) => sum + count, 0),
    pairs: each,
    contexts: Math.max(...counts),
    *subsets(image) {
      const shown = new Uint8Array(cells)
      const chosen = pairsOf(image)
      for (const order of orders)
        for (const pair of chosen) {
          const [i, j] = pair
          const random = randomAt(
            seed,
            Stream.interactions,
            image,
            1 + (order * cells + i) * cells + j,
          )
          for (const context of contextsOf(cells, pair, order, contexts, random)) {
            shown.fill(0)
            for (const cell of context) shown[cell] = 1
            for (const [withI, withJ] of WITH) {
              shown[i] = withI
              shown[j] = withJ
              yield shown
            }
          }
        }
    },
    interactions(rewards) {
      let at = 0
      const estimates = counts.map((count, order) =>
        Array.from({ length: each }, () => {
          const of = rewards.subarray(at, (at += 4 * count))
          return estimateOf(of, isComplete[order]!)
        }),
      )
      return imageInteractions(estimates, rewards)
    },
  }
}

/** Whether the first and the second cell of a pair are shown, in the order of the rows. */
const WITH = [
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
] as const

/** Every subset of the cells, by number: all pairs and contexts. */
export function allSubsets(cells: number, orders: readonly number[]): Sampling {
  const rows = 2 ** cells
  return {
    rows,
    pairs: allPairs(cells).length,
    contexts: Math.max(...orders.map((order) => contextsUpTo(cells - 2, order, rows))),
    *subsets() {
      const shown = new Uint8Array(cells)
      for (let subset = 0; subset < rows; subset++) {
        for (let cell = 0; cell < cells; cell++) shown[cell] = (subset >> cell) & 1
        yield shown
      }
    },
    interactions(rewards) {
      const all = exactInteractions(rewards, cells)
      return imageInteractions(
        orders.map((order) => all[order]!),
        rewards,
      )
    },
  }
}
