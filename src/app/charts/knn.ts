import type { ChartAxis } from '../../store/preferences.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import type { ChartLevel } from './Chart.tsx'
import { rangeOf, type Point } from './points.ts'

/** The colour of a representation, by its place among those that are watched: other ones than the losses have. */
export const representationColour = (place: number): string => `var(--series-${(place + 3) % 6})`

/** An accuracy for people: "41.35 %". */
export const formatPercent = (percent: number): string => `${percent.toFixed(2)} %`

/** k-NN results as points of a chart, a value a representation. */
export const knnPoints = (records: readonly RecordOf<'knn'>[], axis: ChartAxis): readonly Point[] =>
  records.map((record) => {
    const point: Record<string, Point[string]> & { x: number } = { x: record[axis] }
    for (const { representation, accuracy } of record.result.scores) {
      point[representation] = accuracy
      point[rangeOf(representation)] = [accuracy, accuracy]
    }
    return point
  })

/** What features must beat: pixels as they are, and a network that has learned nothing. */
export const knnFloors = (latest: RecordOf<'knn'> | undefined): readonly ChartLevel[] => {
  if (!latest) return []
  const { rawPixels, randomInit } = latest.result.floors
  const sides =
    rawPixels >= randomInit ? (['above', 'below'] as const) : (['below', 'above'] as const)
  return [
    { value: rawPixels, label: `raw pixels ${rawPixels.toFixed(1)}`, side: sides[0] },
    { value: randomInit, label: `random network ${randomInit.toFixed(1)}`, side: sides[1] },
  ]
}
