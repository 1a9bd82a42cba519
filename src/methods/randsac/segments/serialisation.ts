import {
  randomAt,
  randomPermutation,
  type RandomSequence,
  type StreamId,
} from '../../../engine/random.ts'
import { drawBlobs } from './blobs.ts'
import { byFirstToken, gathered, numbersAt, placesIn } from './orders.ts'
import type { SegmentPlan } from './plan.ts'
import type { Segmentation } from './squares.ts'

/** In which order the tokens of one image come. */
export interface Serialisation {
  /** Place of every token's segment in the order, [N], from 0. */
  readonly ranks: Uint16Array
  /** How many segments there are: ranks go from 0 to one less. */
  readonly segments: number
  /** Place of every token's partition in the order, [N]; null without a hierarchy. */
  readonly partitions: Uint16Array | null
}

/** Ranks that a byte can tell apart. */
const BYTE_VALUES = 256

/** Address of the counter-based random numbers of one image. */
export type DrawPlace = readonly [seed: number, stream: StreamId, a: number, image: number]

/** Segments and their order for one image; the same random numbers give the same. See `serialisationAt` for whole batches. */
export function drawSerialisation(plan: SegmentPlan, random: RandomSequence): Serialisation {
  const { grid, segments: rule, shuffled, order } = plan
  const segmentation = 'segmentOf' in rule ? rule : drawBlobs(random, grid, rule.centres, rule)
  const inOrder = serialise(segmentation, order, random)
  return shuffled ? shuffle(inOrder, random) : inOrder
}

/** The serialisation of the image at an address: where all images of a batch share one draw, that of image 0. */
export function serialisationAt(
  plan: SegmentPlan,
  [seed, stream, a, image]: DrawPlace,
): Serialisation {
  return drawSerialisation(plan, randomAt(seed, stream, a, plan.scope === 'batch' ? 0 : image))
}

/**
 * Ranks of a batch, [batch, N]: every image has its own address, or all share that of image 0. In bytes while all ranks
 * fit into them.
 */
export function drawRanks(
  plan: SegmentPlan,
  [seed, stream, a]: readonly [seed: number, stream: StreamId, a: number],
  batch: number,
): Uint8Array | Float32Array {
  const tokens = plan.grid ** 2
  const Values = tokens <= BYTE_VALUES ? Uint8Array : Float32Array
  const ranks = new Values(batch * tokens)
  const ofImage = (image: number) => serialisationAt(plan, [seed, stream, a, image]).ranks
  const shared = plan.scope === 'batch' ? ofImage(0) : null
  for (let image = 0; image < batch; image++) ranks.set(shared ?? ofImage(image), image * tokens)
  return ranks
}

/** Puts segments in an order, partition by partition where there are any (spec section 3.5). */
function serialise(
  { segmentOf, segments, partitionOf, partitions }: Segmentation,
  order: SegmentPlan['order'],
  random: RandomSequence,
): Serialisation {
  const raster = order === 'raster'
  const flat = raster ? byFirstToken(segmentOf, segments) : randomPermutation(random, segments)
  if (partitionOf === null) {
    const ranks = numbersAt(placesIn(flat), segmentOf)
    return { ranks, segments, partitions: null }
  }
  const partitionOrder = raster
    ? byFirstToken(
        Uint16Array.from(flat, (segment) => partitionOf[segment]!),
        partitions,
      )
    : randomPermutation(random, partitions)
  const places = placesIn(gathered(flat, partitionOf, partitionOrder))
  const partitionPlaces = numbersAt(placesIn(partitionOrder), partitionOf)
  return {
    ranks: numbersAt(places, segmentOf),
    segments,
    partitions: numbersAt(partitionPlaces, segmentOf),
  }
}

/** Every token takes the place of another one: sizes stay, coherence goes (spec section 3.4). */
function shuffle(
  { ranks, segments, partitions }: Serialisation,
  random: RandomSequence,
): Serialisation {
  const from = randomPermutation(random, ranks.length)
  return {
    ranks: numbersAt(ranks, from),
    segments,
    partitions: partitions && numbersAt(partitions, from),
  }
}
