import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import type { Normalisation } from '../../data/viewBatch.ts'
import type { Showing } from '../featureExtractor.ts'
import { edges, silhouettes } from './drawings.ts'
import { fillCells, shuffleCells } from './pixels.ts'

/*
 * Disturbances of what a network is shown. Random ones are drawn for every batch of an evaluation, the same for all its
 * images, at the address (run's seed, place of the batch's first image, purpose). The cells of a larger share contain
 * those of a smaller one, and are the same whether tokens are left out or pixels are filled.
 */

/** How a batch is shown, by the place of its first image. */
export type Disturbance = (first: number) => Showing

/** Patches of an image. */
export interface Patches {
  /** How many there are. */
  readonly cells: number
  /** Side of one in pixels. */
  readonly size: number
}

/** What is drawn. The cells of a shuffled grid have their number a side, from 2. */
const REMOVED = 0
const POSITIONS = 1

const draw = (seed: number, first: number, purpose: number, length: number): Uint32Array =>
  randomPermutation(randomAt(seed, Stream.disturbance, first, purpose), length)

/** Cells that go for a share in percent: rounded, and at least one stays. */
export const removedCount = (percent: number, cells: number): number =>
  Math.min(Math.round((percent / 100) * cells), cells - 1)

const removedCells = (seed: number, first: number, percent: number, cells: number): Uint32Array =>
  draw(seed, first, REMOVED, cells).subarray(0, removedCount(percent, cells))

/** Leaves patch tokens out. */
export const tokensRemoved =
  (seed: number, percent: number, { cells }: Patches): Disturbance =>
  (first) => {
    const removed = new Set(removedCells(seed, first, percent, cells))
    const all = Array.from({ length: cells }, (_, cell) => cell)
    return { kept: Float32Array.from(all.filter((cell) => !removed.has(cell))) }
  }

/** Fills patches with the mean colour of the data set. */
export const patchesFilled =
  (seed: number, percent: number, { cells, size }: Patches): Disturbance =>
  (first) => {
    const filled = removedCells(seed, first, percent, cells)
    return { disturb: (views) => fillCells(views, filled, size) }
  }

/** Puts the cells of a grid × grid partition of the image in random order. */
export const patchesShuffled =
  (seed: number, grid: number): Disturbance =>
  (first) => {
    const order = draw(seed, first, grid, grid * grid)
    return { disturb: (views) => shuffleCells(views, order, grid) }
  }

/** Gives every patch token the position embedding of another. */
export const positionsPermuted =
  (seed: number, { cells }: Patches): Disturbance =>
  (first) => ({ positions: Float32Array.from(draw(seed, first, POSITIONS, cells)) })

/** Leaves all positions out. */
export const positionsRemoved: Disturbance = () => ({ positions: 'removed' })

/** Shows nothing but edges. */
export const edgesOnly =
  (normalisation: Normalisation): Disturbance =>
  () => ({ disturb: (views) => edges(views, normalisation) })

/** Shows nothing but a silhouette. */
export const silhouetteOnly =
  (normalisation: Normalisation): Disturbance =>
  () => ({ disturb: (views) => silhouettes(views, normalisation) })
