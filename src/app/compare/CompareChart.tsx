import { NativeSelect, SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { formatNumber } from '../../settings/format.ts'
import {
  bestOf,
  compareAxes,
  peakOf,
  variantCurve,
  type CompareAxis,
  type CurvePoint,
  type Measure,
} from '../../store/comparison/curves.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { methodOf } from '../../store/form.ts'
import { formatValue } from '../charts/axes.ts'
import { Chart, type ChartLevel, type ChartSpot } from '../charts/Chart.tsx'
import chartClasses from '../charts/charts.module.css'
import { formatPercent } from '../charts/knn.ts'
import { Swatch } from '../charts/Swatch.tsx'
import classes from './compare.module.css'
import { floorLevels } from './floors.ts'
import { lookOf } from '../charts/look.ts'
import { chartPoints } from './points.ts'

const axisNames: Readonly<Record<CompareAxis, string>> = {
  step: 'Steps',
  images: 'Images',
  seconds: 'Time',
}

/** More measurements than this make a line without discs. */
const MOST_DISCS = 30
const LOSS = 'loss'

/** All runs in one chart: accuracy or loss, by steps, images or time. */
export function CompareChart({ comparison }: { readonly comparison: Comparison }) {
  const method = methodOf(comparison.method)
  const representations = useMemo(
    () => method.representations(comparison.base).filter(({ online }) => online),
    [method, comparison.base],
  )
  const [axis, setAxis] = useState<CompareAxis>('step')
  const [chosen, setChosen] = useState(representations[0]!.id)
  const measure = useMemo<Measure>(
    () => (chosen === LOSS ? { kind: 'loss' } : { kind: 'knn', representation: chosen }),
    [chosen],
  )
  const isLoss = measure.kind === 'loss'
  const curves = useMemo(
    () =>
      comparison.variants.map(({ id, label }, place) => ({
        key: id,
        label,
        ...lookOf(place),
        points: variantCurve(comparison, id, measure, axis),
      })),
    [comparison, measure, axis],
  )
  const drawn = curves.filter(({ points }) => points.length > 0)
  const points = useMemo(() => chartPoints(curves), [curves])
  const testImages = comparison.runs.find((run) => run.curves.testImages !== null)?.curves
    .testImages
  const peaks = isLoss
    ? []
    : drawn.flatMap((curve) => {
        const peak = peakOf(curve.points, testImages ?? 1)
        return peak ? [{ ...curve, peak }] : []
      })
  const levels: readonly ChartLevel[] = isLoss ? [] : floorLevels(comparison, chosen)
  const discs: readonly ChartSpot[] = isLoss
    ? []
    : drawn
        .filter((curve) => curve.points.length <= MOST_DISCS)
        .flatMap(({ colour, points: own }) => own.map(({ x, value: y }) => ({ x, y, colour })))
  const rings = peaks.map(({ colour, peak }) => ({
    x: peak.at.x,
    y: peak.at.value,
    colour,
    text: 'peak',
  }))
  return (
    <section aria-label="Curves" className={classes.curves} data-testid="compare-chart">
      <div className={classes.choices}>
        <SegmentedControl
          size="xs"
          aria-label="Horizontal axis"
          data-testid="compare-axis"
          value={axis}
          data={compareAxes.map((value) => ({ value, label: axisNames[value] }))}
          onChange={setAxis}
        />
        <NativeSelect
          size="xs"
          aria-label="What is compared"
          data-testid="compare-measure"
          value={chosen}
          data={[
            ...representations.map(({ id, label }) => ({ value: id, label: `k-NN: ${label}` })),
            { value: LOSS, label: 'Loss' },
          ]}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        />
      </div>
      <ul className={classes.legend} aria-label="Lines">
        {curves.map(({ key, label, colour, dash, points: own }) => (
          <li key={key}>
            <Swatch colour={colour} dash={dash} />
            {label} <b>{lastText(own, isLoss)}</b>
          </li>
        ))}
      </ul>
      {drawn.length === 0 ? (
        <p className={chartClasses.empty}>
          {isLoss
            ? 'The loss appears here with the first steps.'
            : 'Accuracies appear here with the first k-NN measurement.'}
        </p>
      ) : (
        <div className={classes.chart}>
          <Chart
            label={`${isLoss ? 'Loss' : 'k-NN accuracy'} of all runs by ${axisNames[axis].toLowerCase()}`}
            lines={drawn}
            points={points}
            marks={NO_MARKS}
            levels={levels}
            spots={[...discs, ...rings]}
            axis={axis}
            logScale={false}
            format={isLoss ? formatValue : formatPercent}
          />
        </div>
      )}
      {isLoss && (
        <p className={classes.quiet}>
          A loss says little between runs with different tasks: compare them by k-NN.
        </p>
      )}
      {peaks.length > 0 && (
        <ul className={classes.peaks} data-testid="peaks">
          {peaks.map(({ key, label, peak: { at, last, fall } }) => (
            <li key={key}>
              <b>{label}</b>: k-NN peaked at step {formatNumber(Math.round(at.step))} with{' '}
              {at.value.toFixed(1)} % and then fell by {fall.toFixed(1)} points to{' '}
              {last.value.toFixed(1)} %. That is a sign of over-fitting, which more training images
              cure.
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const NO_MARKS = [] as const

/** "41.2, best 43.0" */
function lastText(points: readonly CurvePoint[], isLoss: boolean): string {
  const last = points.at(-1)
  if (!last) return ''
  if (isLoss) return formatValue(last.value)
  const best = bestOf(points)!
  return best.value > last.value
    ? `${last.value.toFixed(1)}, best ${best.value.toFixed(1)}`
    : last.value.toFixed(1)
}
