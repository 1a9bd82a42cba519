import { UMAP } from 'umap-js'
import { FEWEST_IMAGES } from './fewest.ts'
import { nearestOfAll } from './nearest.ts'
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

/** How far a layout has come: first the neighbours of every image are sought, then the points move, epoch by epoch. */
export interface LayoutProgress {
  readonly stage: 'neighbours' | 'layout'
  readonly done: number
  readonly total: number
  /** Where the points are, [count, 2]; null before they move. */
  readonly points: Float32Array | null
}

/** Neighbours by which UMAP judges what lies close: its authors' default. */
export const UMAP_NEIGHBOURS = 15

/** Epochs: fewer where there are many images, as the library has it. */
const epochsOf = (count: number): number => (count <= 7500 ? 300 : 200)

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
  const { components, count, dimensions } = features
  if (count < FEWEST_IMAGES) throw new Error(`UMAP needs at least ${FEWEST_IMAGES} images.`)
  const nNeighbors = Math.min(UMAP_NEIGHBOURS, count - 1)
  const search = nearestOfAll(components, count, dimensions, nNeighbors)
  let found = search.next()
  for (; !found.done; found = search.next())
    yield { stage: 'neighbours', done: found.value, total: count, points: null }
  const nearest = found.value

  const umap = new UMAP({ nNeighbors, nEpochs: epochsOf(count), random: counterRandom(seed) })
  umap.setPrecomputedKNN(nearest.indices, nearest.distances)
  const total = umap.initializeFit(rowsOf(features))
  // The library hands out the coordinates that it works on.
  const embedding = umap.getEmbedding()
  spread(features.points).forEach((value, at) => (embedding[at >> 1]![at & 1] = value))
  for (let done = 0; done < total;) {
    done = umap.step()
    yield { stage: 'layout', done, total, points: flat(embedding) }
  }
  return flat(embedding)
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
