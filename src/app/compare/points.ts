import { between, type CurvePoint } from '../../store/comparison/curves.ts'
import { rangeOf, type Point } from '../charts/points.ts'

/** A curve that a chart draws. */
export interface NamedCurve {
  readonly key: string
  readonly points: readonly CurvePoint[]
}

/** Places that a chart has room for. */
const MOST_PLACES = 400

/**
 * The points of a chart with several curves of which each has places of its own: at every place, the values of all that
 * reach there, on the straight lines between their own points. Where there are too many places, evenly chosen ones,
 * the last one of every curve among them.
 */
export function chartPoints(curves: readonly NamedCurve[]): readonly Point[] {
  const all = [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  )
  const every = Math.ceil(all.length / MOST_PLACES)
  const ends = new Set(curves.map(({ points }) => points.at(-1)?.x))
  const places = all.filter((x, at) => at % every === 0 || ends.has(x))
  return places.map((x) => {
    const point: Record<string, Point[string]> & { x: number } = { x }
    for (const { key, points } of curves) {
      const at = between(points, 'x', x)
      point[key] = at?.value ?? null
      point[rangeOf(key)] = at && [at.low, at.high]
    }
    return point
  })
}
