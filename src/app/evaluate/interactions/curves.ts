import type { InteractionCurve, InteractionsResult, Strength } from '../../../results.ts'
import { rangeOf, type Point } from '../../charts/points.ts'

/** Which estimate of the strength is looked at. */
export type Estimator = 'published' | 'debiased'

/** Strengths as they are, or as shares of their mean over all orders. */
export type Scale = 'relative' | 'absolute'

/** How the curves are looked at. */
export interface CurveView {
  readonly estimator: Estimator
  readonly scale: Scale
}

/** The strength at an order, or the mean of several runs, with what it may be off by. */
export interface Spot {
  /** Share of the other cells that are shown, m/(n − 2): 0 to 1. */
  readonly x: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Cells besides the two of a pair. */
export const othersOf = (grid: number): number => grid * grid - 2

/** A strength as it is looked at, with its standard error. */
export const strengthOf = (
  strength: Strength,
  scale: Scale,
): { readonly value: number; readonly error: number } =>
  scale === 'relative'
    ? { value: strength.relative, error: strength.relativeError }
    : { value: strength.value, error: strength.error }

/** A curve on the axis that all grids share, from one standard error below to one above. */
export const spotsOf = (
  { points }: InteractionCurve,
  { grid }: Pick<InteractionsResult, 'grid'>,
  { estimator, scale }: CurveView,
): readonly Spot[] =>
  points.map((point) => {
    const { value, error } = strengthOf(point[estimator], scale)
    return { x: point.order / othersOf(grid), value, low: value - error, high: value + error }
  })

/** The mean of several curves at the places that all of them have, with their range; a single curve as it is. */
export function meanSpots(curves: readonly (readonly Spot[])[]): readonly Spot[] {
  const [first = [], ...others] = curves
  if (others.length === 0) return first
  return first.flatMap(({ x }) => {
    const values = curves.flatMap((spots) => spots.find((spot) => spot.x === x)?.value ?? [])
    if (values.length < curves.length) return []
    const value = values.reduce((sum, each) => sum + each, 0) / values.length
    return [{ x, value, low: Math.min(...values), high: Math.max(...values) }]
  })
}

/** A line of a chart of interactions. */
export interface SpotLine {
  readonly key: string
  readonly spots: readonly Spot[]
}

/** The points of a chart with several curves, each with orders of its own. */
export function interactionPoints(lines: readonly SpotLine[]): readonly Point[] {
  const places = new Map<number, Record<string, Point[string]> & { x: number }>()
  for (const { key, spots } of lines)
    for (const { x, value, low, high } of spots) {
      const point = places.get(x) ?? { x }
      places.set(x, point)
      point[key] = value
      point[rangeOf(key)] = [low, high]
    }
  return [...places.values()].sort((a, b) => a.x - b.x)
}
