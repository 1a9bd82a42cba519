import { UMAP } from 'umap-js'
import { counterRandom } from './random.ts'

/** What a layout starts from. */
export interface Features {
  /** Leading principal components, [count, dimensions]. */
  readonly components: Float32Array
  readonly count: number
  readonly dimensions: number
  /** Where the points start, [count, 2]: the first two components. */
  readonly points: Float32Array
}

/** How far a layout has come; `points` shows it from time to time. */
export interface LayoutProgress {
  readonly done: number
  readonly total: number
  /** [count, 2] */
  readonly points: Float32Array
}

/** Neighbours by which UMAP judges what lies close: its authors' default. */
export const UMAP_NEIGHBOURS = 15

/** Fewest images of which a layout makes sense. */
export const FEWEST_IMAGES = 4

/** Spread of the points at the start: that of UMAP's own random start. */
const START_SPREAD = 5

/**
 * Lays features out in the plane with UMAP (McInnes, Healy, Melville, 2018), epoch by epoch. The start is the principal
 * component analysis instead of chance, so that the large distances mean something, too (Kobak and Linderman, 2021).
 * The same features and seed give the same layout.
 *
 * @throws Error with fewer than four images
 */
export function* layOut(features: Features, seed: number): Generator<LayoutProgress, Float32Array> {
  const { count } = features
  if (count < FEWEST_IMAGES) throw new Error(`UMAP needs at least ${FEWEST_IMAGES} images.`)
  const umap = new UMAP({
    nNeighbors: Math.min(UMAP_NEIGHBOURS, count - 1),
    random: counterRandom(seed),
  })
  const total = umap.initializeFit(rowsOf(features))
  // The library hands out the coordinates that it works on.
  const embedding = umap.getEmbedding()
  spread(features.points).forEach((value, at) => (embedding[at >> 1]![at & 1] = value))
  let points = flat(embedding)
  for (let done = 0; done < total;) {
    done = umap.step()
    points = flat(embedding)
    yield { done, total, points }
  }
  return points
}

const rowsOf = ({ components, count, dimensions }: Features): number[][] =>
  Array.from({ length: count }, (_, row) =>
    Array.from(components.subarray(row * dimensions, (row + 1) * dimensions)),
  )

const flat = (embedding: readonly (readonly number[])[]): Float32Array =>
  Float32Array.from(embedding.flat())

/** Points with a given spread along their first axis; a map without spread stays as it is. */
function spread(points: Float32Array): Float32Array {
  let squares = 0
  for (let at = 0; at < points.length; at += 2) squares += points[at]! ** 2
  const deviation = Math.sqrt(squares / (points.length / 2))
  return deviation > 0 ? points.map((value) => (value * START_SPREAD) / deviation) : points
}
