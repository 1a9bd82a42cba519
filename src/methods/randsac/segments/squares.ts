/** The tokens of an image in segments, and the segments in partitions. */
export interface Segmentation {
  /** Segment of every token, [N], from 0. */
  readonly segmentOf: Uint16Array
  readonly segments: number
  /** Partition of every segment, from 0; null without a hierarchy. */
  readonly partitionOf: Uint16Array | null
  readonly partitions: number
}

/** Which square of `side` × `side` every cell of a grid lies in; both are numbered row by row. */
export function squaresOf(grid: number, side: number): Uint16Array {
  const across = grid / side
  return Uint16Array.from({ length: grid * grid }, (_, cell) => {
    const row = Math.floor(cell / grid / side)
    const column = Math.floor((cell % grid) / side)
    return row * across + column
  })
}

/**
 * Square segments, in square partitions where there is a hierarchy (spec sections 3.2 and 3.5).
 * @param grid tokens a side of the image
 * @param side tokens a side of a segment, M
 * @param partitionSide segments a side of a partition; null without a hierarchy
 */
export function squareSegments(
  grid: number,
  side: number,
  partitionSide: number | null,
): Segmentation {
  const across = grid / side
  return {
    segmentOf: squaresOf(grid, side),
    segments: across ** 2,
    partitionOf: partitionSide === null ? null : squaresOf(across, partitionSide),
    partitions: partitionSide === null ? 1 : (across / partitionSide) ** 2,
  }
}
