import type { MethodDescription } from '../../methods/description.ts'
import { methodOf } from '../../store/form.ts'
import { usePreferences, useSession } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import { formatValue } from './axes.ts'
import { Chart } from './Chart.tsx'
import { ChartOptions } from './ChartOptions.tsx'
import classes from './charts.module.css'
import { Legend } from './Legend.tsx'
import { KnnSection } from './KnnSection.tsx'
import { marksOf } from './marks.ts'
import { apartMetrics, colourOf, lossMetrics, type ApartMetric } from './metrics.ts'
import { useChart } from './useChart.ts'
import { Warnings } from './Warnings.tsx'

/** Points a chart has room for: about one for two pixels of the panel. */
const POINTS = 180
const SMALL_POINTS = 90

/** The losses, and how training goes. */
export function ChartsPanel() {
  const running = useSession((state) => state.running?.method)
  const chosen = useSession((state) => state.method)
  const method = methodOf(running ?? chosen)
  const hidden = usePreferences((state) => state.hiddenMetrics)
  return (
    <div className={classes.panel}>
      <div className={classes.top}>
        <h2 className={classes.title}>Charts</h2>
        <ChartOptions />
      </div>
      <Warnings />
      <LossChart method={method} />
      <KnnSection />
      {apartMetrics(method)
        .filter(({ key }) => !hidden.includes(key))
        .map((metric) => (
          <SmallChart key={metric.key} metric={metric} method={method} />
        ))}
    </div>
  )
}

function LossChart({ method }: { readonly method: MethodDescription }) {
  const hidden = usePreferences((state) => state.hiddenMetrics)
  const logScale = usePreferences((state) => state.logScale)
  const smoothing = usePreferences((state) => state.smoothing)
  const lines = lossMetrics(method)
    .filter(({ key }) => !hidden.includes(key))
    .map(({ key, label }) => ({ key, label, colour: colourOf(method, key) }))
  const keys = lines.map(({ key }) => key)
  const { points, axis } = useChart({ keys, most: POINTS, logScale, smoothing })
  const last = points.at(-1)
  return (
    <section className={classes.loss} aria-label="Losses" data-testid="chart-loss">
      <Legend method={method} last={last} />
      {points.length === 0 ? (
        <p className={classes.empty}>
          The loss appears here with the first step. Press Train, or Step for a single one.
        </p>
      ) : (
        <Chart
          label="Losses over time"
          lines={lines}
          points={points}
          marks={marksOf(series, method.table, axis)}
          axis={axis}
          logScale={logScale}
        />
      )}
    </section>
  )
}

interface SmallChartProps {
  readonly metric: ApartMetric
  readonly method: MethodDescription
}

function SmallChart({ metric, method }: SmallChartProps) {
  const { key, label, help, noisy } = metric
  const smoothing = usePreferences((state) => (noisy ? state.smoothing : 0))
  const keys = [key]
  const { points, axis } = useChart({ keys, most: SMALL_POINTS, logScale: false, smoothing })
  const last = points.at(-1)?.[key]
  return (
    <section className={classes.small} aria-label={label} data-testid={`chart-${key}`}>
      <h3 className={classes.smallTitle} title={help}>
        {label}
        <b>{typeof last === 'number' ? formatValue(last) : '–'}</b>
      </h3>
      {points.length > 0 && (
        <Chart
          small
          label={`${label} over time`}
          lines={[{ key, label, colour: 'var(--mantine-color-dimmed)' }]}
          points={points}
          marks={marksOf(series, method.table, axis)}
          axis={axis}
          logScale={false}
        />
      )}
    </section>
  )
}
