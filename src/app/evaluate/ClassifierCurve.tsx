import { useMemo } from 'react'
import { Chart } from '../charts/Chart.tsx'
import { formatPercent } from '../charts/knn.ts'
import { curvePoints, type CurveLine } from './curves.ts'
import classes from './results.module.css'

interface ClassifierCurveProps {
  readonly label: string
  readonly lines: readonly CurveLine[]
  /** Epochs in all, so that the axis stands still while the lines grow; null where it is not known. */
  readonly epochs: number | null
}

/** Accuracy of classifiers over the epochs of their training. */
export function ClassifierCurve({ label, lines, epochs }: ClassifierCurveProps) {
  const points = useMemo(() => curvePoints(lines), [lines])
  const last = Math.max(epochs ?? 0, points.at(-1)?.x ?? 1)
  return (
    <section className={classes.curve} aria-label={label} data-testid="classifier-curve">
      <div className={classes.lines}>
        {lines.map(({ key, label: name, colour, curve, value }) => (
          <span key={key}>
            <span className={classes.swatch} style={{ background: colour }} />
            {name} <b>{curve.at(-1)?.[value].toFixed(1) ?? '–'}</b>
          </span>
        ))}
      </div>
      <Chart
        label={label}
        lines={lines}
        points={points}
        marks={NO_MARKS}
        span={[points[0]?.x ?? 0, last]}
        axis="epoch"
        logScale={false}
        format={formatPercent}
      />
    </section>
  )
}

const NO_MARKS = [] as const
