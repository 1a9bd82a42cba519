import type { CausalityCheck, OrderPicture, RankRule } from '../../pictures.ts'

/** What differs from a 4 × 4 grid in four square segments. */
interface Wanted {
  /** Rank of every cell of a square grid. */
  readonly ranks?: readonly number[]
  readonly partitions?: readonly number[]
  readonly size?: number
  readonly rollOut?: boolean
  /** What a check found: nothing wrong, a prediction that sees its own segment, or no prediction that moves at all. */
  readonly check?: 'healthy' | 'leak' | 'still'
}

/** Four square segments in the order bottom left, top left, bottom right, top right. */
export const squareRanks = [1, 1, 3, 3, 1, 1, 3, 3, 0, 0, 2, 2, 0, 0, 2, 2] as const

/** A picture as a method would draw it, with numbers that are easy to tell apart. */
export function orderPicture(wanted: Wanted = {}): OrderPicture {
  const ranks = Uint16Array.from(wanted.ranks ?? squareRanks)
  const grid = Math.sqrt(ranks.length)
  const size = wanted.size ?? grid
  const segments = Math.max(...ranks) + 1
  const losses = Float32Array.from(ranks, (rank) => (rank === 0 ? NaN : 1 / (1 + rank)))
  const pixelsOf = (shade: (rank: number, cell: number) => number, opaque = false) =>
    Uint8ClampedArray.from({ length: size * size * 4 }, (_, at) => {
      const pixel = at >> 2
      const row = Math.floor((Math.floor(pixel / size) * grid) / size)
      const cell = row * grid + Math.floor(((pixel % size) * grid) / size)
      const rank = ranks[cell]!
      return at % 4 < 3 ? shade(rank, cell) : rank === 0 && !opaque ? 0 : 255
    })
  return {
    kind: 'order',
    sample: 17,
    grid,
    segments,
    ranks,
    ...(wanted.partitions ? { partitions: Uint16Array.from(wanted.partitions) } : {}),
    image: pixelsOf((_, cell) => cell, true),
    size,
    predicted: pixelsOf((rank) => 100 + rank),
    losses,
    rolledOut: wanted.rollOut
      ? { pixels: pixelsOf((rank) => 200 + rank), losses: losses.map((loss) => 2 * loss) }
      : null,
    note: 'Drawn with each patch’s own mean and deviation.',
    rules: rulesOf(ranks),
    distances: {
      draws: 200,
      at: [0, 0.5, 1, 1.5, 2],
      shares: [0, 0, 0.5, 0.375, 0.125],
      mean: 1.25,
      largest: 2.2,
      visible: 0.48,
    },
    causality: wanted.check ? checkOf(ranks, segments, wanted.check) : null,
  }
}

function rulesOf(ranks: Uint16Array): RankRule[] {
  const rule = (id: string, label: string, strict: boolean, from: number): RankRule => ({
    id,
    label,
    help: `What is seen in the ${id}.`,
    queries: ranks,
    keys: ranks,
    strict,
    from,
    itself: from > 0,
  })
  return [
    rule('encoder', 'Encoder', false, 0),
    rule('decoder', 'Decoder', false, 1),
    rule('memory', 'Memory', true, 0),
  ]
}

function checkOf(
  ranks: Uint16Array,
  segments: number,
  found: NonNullable<Wanted['check']>,
): CausalityCheck {
  const disturbedFrom = Uint16Array.from({ length: segments - 1 }, (_, trial) => trial + 1)
  const movedBy = (from: number, rank: number): number => {
    if (found === 'still' || rank === 0) return 0
    if (rank > from) return 0.1 * (1 + rank)
    return found === 'leak' && rank === from ? 0.25 : 0
  }
  const moved = [...disturbedFrom].flatMap((from) => [...ranks].map((rank) => movedBy(from, rank)))
  return { disturbedFrom, moved: Float32Array.from(moved), tolerance: 1e-6 }
}
