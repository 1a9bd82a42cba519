import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { formatNumber } from '../../settings/format.ts'
import { recordsOf } from '../../store/evaluations.ts'
import { usePreferences, useSession } from '../../store/hooks.ts'
import { client, series } from '../../store/page.ts'
import {
  useEvaluationSettings,
  useObstacle,
  useProgress,
  useSubject,
} from '../evaluate/useEvaluation.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { Chart } from './Chart.tsx'
import classes from './charts.module.css'
import { formatPercent, knnFloors, knnPoints, representationColour } from './knn.ts'
import { marksOf } from './marks.ts'
import { useSeriesVersion } from './useSeriesVersion.ts'

/** More results than this make a line without dots. */
const MOST_DOTS = 30

/** k-NN accuracy of the watched representations over training, with what it must beat. */
export default function KnnChart() {
  const kept = useSession((state) => state.evaluations.kept)
  const axis = usePreferences((state) => state.axis)
  const { method, representations } = useSubject()
  const records = useMemo(() => recordsOf(kept, 'knn'), [kept])
  const points = useMemo(() => knnPoints(records, axis), [records, axis])
  const version = useSeriesVersion()
  const marks = useMemo(
    () => (version < 0 ? [] : marksOf(series, method.table, axis)),
    [version, method, axis],
  )
  const levels = useMemo(() => knnFloors(records.at(-1)), [records])
  const lines = representations
    .filter(({ online }) => online)
    .map(({ id, label }, place) => ({ key: id, label, colour: representationColour(place) }))
  const last = points.at(-1)
  return (
    <>
      <div className={classes.knnTop}>
        <h3>k-NN accuracy, %</h3>
        <EvaluateNow />
      </div>
      {last === undefined ? (
        <Empty />
      ) : (
        <>
          <div className={classes.legend}>
            {lines.map(({ key, label, colour }) => (
              <span key={key} className={classes.entry}>
                <span className={classes.swatch} style={{ background: colour }} />
                {label} <b>{(last[key] as number | undefined)?.toFixed(1)}</b>
              </span>
            ))}
          </div>
          <Chart
            small
            dots={points.length <= MOST_DOTS}
            label="k-NN accuracy over training"
            lines={lines}
            points={points}
            marks={marks}
            levels={levels}
            span={spanOf(points[0]!.x, last.x, series.axis(axis).subarray(0, series.length))}
            axis={axis}
            logScale={false}
            format={formatPercent}
          />
        </>
      )}
    </>
  )
}

/** The part of the axis that the losses have, and at least that of the points. */
const spanOf = (first: number, last: number, places: Float64Array): readonly [number, number] => [
  Math.min(first, places[0] ?? first),
  Math.max(last, places.at(-1) ?? last),
]

function EvaluateNow() {
  const progress = useProgress('knn')
  const obstacle = useObstacle()
  const share = typeof progress === 'object' ? progress.done / Math.max(progress.total, 1) : 0
  return (
    <Tooltip label="Classify test images by their nearest training images, beside training">
      <Button
        size="compact-xs"
        variant="default"
        disabled={obstacle !== null || progress !== undefined}
        onClick={() => client.evaluate({ kind: 'knn' })}
      >
        {progress === undefined ? 'Evaluate now' : `Evaluating ${Math.floor(100 * share)} %`}
      </Button>
    </Tooltip>
  )
}

function Empty() {
  const every = Number(useEvaluationSettings().knnEvery ?? 0)
  return (
    <p className={classes.empty}>
      {every > 0
        ? `How good the features are: measured every ${formatNumber(every)} steps, or when you press Evaluate now.`
        : 'How good the features are: measured when you press Evaluate now.'}
    </p>
  )
}
