import type { RandomSequence } from '../../../engine/random.ts'
import { drawGaussians, nearestGaussians, type Points, type Scales } from './gaussians.ts'
import { numbersAt } from './orders.ts'
import type { Segmentation } from './squares.ts'

/** How blobs are drawn. */
export interface BlobRule {
  /** Gaussians, K1. */
  readonly count: number
  /** Further Gaussians that share out the blobs, K2; null without a hierarchy. */
  readonly partitions: number | null
  readonly scales: Scales
}

/** Fewer segments leave nothing to predict. */
const FEWEST_SEGMENTS = 2

/** The centres of the cells of a grid, row by row. */
export function cellCentres(grid: number): Points {
  const cells = Array.from({ length: grid * grid }, (_, cell) => cell)
  return {
    x: Float64Array.from(cells, (cell) => (cell % grid) + 0.5),
    y: Float64Array.from(cells, (cell) => Math.floor(cell / grid) + 0.5),
  }
}

/** Numbers without gaps: numbers that do not occur are dropped, and the others keep their order. */
export function compact(
  numbers: Uint16Array,
  below: number,
): { numbers: Uint16Array; count: number } {
  const renumbered = new Uint16Array(below)
  for (const number of numbers) renumbered[number] = 1
  let count = 0
  for (let number = 0; number < below; number++)
    if (renumbered[number] === 1) renumbered[number] = count++
  return { numbers: numbersAt(renumbered, numbers), count }
}

/** The mean of the points of every segment. */
export function centroids(points: Points, segmentOf: Uint16Array, segments: number): Points {
  const x = new Float64Array(segments)
  const y = new Float64Array(segments)
  const size = new Float64Array(segments)
  for (let token = 0; token < segmentOf.length; token++) {
    const segment = segmentOf[token]!
    x[segment]! += points.x[token]!
    y[segment]! += points.y[token]!
    size[segment]!++
  }
  for (let segment = 0; segment < segments; segment++) {
    x[segment]! /= size[segment]!
    y[segment]! /= size[segment]!
  }
  return { x, y }
}

/**
 * Blobs of one image (spec section 3.3): every token goes to the nearest of K1 random Gaussians, and those that get none are
 * dropped; drawn again while a single one holds everything. With a hierarchy, whole blobs go to the nearest of K2 further
 * Gaussians by their centroids (spec section 3.5).
 * @param centres of the tokens: `cellCentres(grid)`
 */
export function drawBlobs(
  random: RandomSequence,
  grid: number,
  centres: Points,
  { count, partitions, scales }: BlobRule,
): Segmentation {
  const share = (points: Points, among: number) =>
    compact(nearestGaussians(points, drawGaussians(random, among, grid, scales)), among)
  let blobs = share(centres, count)
  while (blobs.count < FEWEST_SEGMENTS) blobs = share(centres, count)
  const segmentation = { segmentOf: blobs.numbers, segments: blobs.count }
  if (partitions === null) return { ...segmentation, partitionOf: null, partitions: 1 }
  const parts = share(centroids(centres, blobs.numbers, blobs.count), partitions)
  return { ...segmentation, partitionOf: parts.numbers, partitions: parts.count }
}
