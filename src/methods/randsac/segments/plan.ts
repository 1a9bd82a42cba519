import { IMAGE_SIZE } from '../../../data/images.ts'
import type { RandsacSettings } from '../settings.ts'
import { cellCentres, type BlobRule } from './blobs.ts'
import type { Points } from './gaussians.ts'
import { squareSegments, type Segmentation } from './squares.ts'

/** How images are cut into segments and in which order these come; everything in it fits the grid. */
export interface SegmentPlan {
  /** Tokens a side of the image, G. */
  readonly grid: number
  /** The same segments for all images, or how an image gets its own. */
  readonly segments: Segmentation | (BlobRule & { readonly centres: Points })
  /** Whether tokens change places at the end, so that segments and partitions are not connected. */
  readonly shuffled: boolean
  readonly order: 'random' | 'raster'
  /** Whether every image of a batch has a draw of its own, or all have the same. */
  readonly scope: 'image' | 'batch'
}

/** The settings that a plan depends on. */
export type SegmentSettings = Pick<
  RandsacSettings,
  | 'patchSize'
  | 'segmentKind'
  | 'segmentSize'
  | 'blobCount'
  | 'hierarchy'
  | 'partitionSize'
  | 'partitionCount'
  | 'shuffleSegments'
  | 'segmentOrder'
  | 'orderScope'
  | 'blobScaleMin'
  | 'blobScaleMax'
>

/** Tokens a side of the image, G. */
export const gridOf = ({ patchSize }: Pick<RandsacSettings, 'patchSize'>): number =>
  IMAGE_SIZE / Number(patchSize)

/** The largest side of square segments that leaves more than one: half of the grid. */
export const largestSide = (grid: number): number => grid / 2

/** Tokens a side of a square segment, M: 1 for single patches. It divides the grid and leaves something to predict. */
export const sideOf = ({
  patchSize,
  segmentKind,
  segmentSize,
}: Pick<SegmentSettings, 'patchSize' | 'segmentKind' | 'segmentSize'>): number =>
  segmentKind === 'square' ? Math.min(Number(segmentSize), largestSide(gridOf({ patchSize }))) : 1

/**
 * The largest side of a square partition, in segments, up to the one that is asked for, such that there is more than one
 * partition; null where partitions would be single segments. `across` is the number of segments a side.
 */
export function partitionSideWithin(across: number, wished: number): number | null {
  const side = Math.min(wished, across / 2)
  return side > 1 ? side : null
}

/** How many Gaussians share out the tokens, K1: no more than there are tokens. */
export const blobCountOf = (settings: Pick<SegmentSettings, 'patchSize' | 'blobCount'>): number =>
  Math.min(settings.blobCount, gridOf(settings) ** 2)

/** How many partitions share out so many blobs, K2 < K1; null where that would be one. */
export function partitionsWithin(blobs: number, wished: number): number | null {
  const partitions = Math.min(wished, blobs - 1)
  return partitions > 1 ? partitions : null
}

/**
 * The segments that the settings describe. What does not fit is made to fit, so that a live change never breaks a step:
 * segments leave at least two, and a hierarchy that has nothing to group is none.
 */
export function segmentPlanOf(settings: SegmentSettings): SegmentPlan {
  const grid = gridOf(settings)
  const { segmentKind, shuffleSegments, segmentOrder, orderScope } = settings
  return {
    grid,
    segments:
      segmentKind === 'blob'
        ? { ...blobRule(settings), centres: cellCentres(grid) }
        : squaresOfImage(settings),
    shuffled: shuffleSegments,
    order: segmentOrder,
    scope: orderScope,
  }
}

function squaresOfImage(settings: SegmentSettings): Segmentation {
  const { hierarchy, partitionSize } = settings
  const [grid, side] = [gridOf(settings), sideOf(settings)]
  const partitionSide = hierarchy ? partitionSideWithin(grid / side, Number(partitionSize)) : null
  return squareSegments(grid, side, partitionSide)
}

function blobRule(settings: SegmentSettings): BlobRule {
  const { hierarchy, partitionCount, blobScaleMin, blobScaleMax } = settings
  const count = blobCountOf(settings)
  return {
    count,
    partitions: hierarchy ? partitionsWithin(count, partitionCount) : null,
    scales: { from: blobScaleMin, to: Math.max(blobScaleMin, blobScaleMax) },
  }
}
