import type { CurvePoint } from '../../results.ts'
import type { ChartLine } from '../charts/Chart.tsx'
import { rangeOf, type Point } from '../charts/points.ts'

/** A line of a chart of classifiers, with what it shows of which curve. */
export interface CurveLine extends ChartLine {
  readonly curve: readonly CurvePoint[]
  readonly value: 'trainAccuracy' | 'testAccuracy'
}

/** Curves over the same epochs as points of one chart; where a curve has not come so far there is no value. */
export function curvePoints(lines: readonly CurveLine[]): readonly Point[] {
  const epochs = new Set(lines.flatMap(({ curve }) => curve.map(({ epoch }) => epoch)))
  return [...epochs]
    .sort((a, b) => a - b)
    .map((epoch) => {
      const point: Record<string, Point[string]> & { x: number } = { x: epoch }
      for (const { key, curve, value } of lines) {
        const found = curve.find((each) => each.epoch === epoch)?.[value] ?? null
        point[key] = found
        point[rangeOf(key)] = found === null ? null : [found, found]
      }
      return point
    })
}
