import type { MethodDescription } from '../../methods/description.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { methodOf } from '../../store/form.ts'
import { usePreferences, useSession } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import { formatValue } from './axes.ts'
import { Chart } from './Chart.tsx'
import { ChartOptions } from './ChartOptions.tsx'
import classes from './charts.module.css'
import { KnnSection } from './KnnSection.tsx'
import { Legend } from './Legend.tsx'
import { levelsOf, placeOf } from './levels.ts'
import { marksOf } from './marks.ts'
import { apartMetrics, colourOf, lossMetrics, type ApartMetric } from './metrics.ts'
import { rangeOfValues } from './points.ts'
import { TablesSection } from './tables/TablesSection.tsx'
import { useChart } from './useChart.ts'
import { Warnings } from './Warnings.tsx'

/** Points a chart has room for: about one for two pixels of the panel. */
const POINTS = 180
const SMALL_POINTS = 90

/** The losses, and how training goes. */
export function ChartsPanel() {
  const running = useSession((state) => state.running)
  const chosen = useSession((state) => state.method)
  const wanted = useSession((state) => state.wanted)
  const method = methodOf(running?.method ?? chosen)
  const settings = running?.values ?? wanted
  const hidden = usePreferences((state) => state.hiddenMetrics)
  return (
    <div className={classes.panel}>
      <div className={classes.top}>
        <h2 className={classes.title}>Charts</h2>
        <ChartOptions />
      </div>
      <Warnings />
      <LossChart method={method} settings={settings} />
      <KnnSection />
      {apartMetrics(method, settings)
        .filter(({ key }) => !hidden.includes(key))
        .map((metric) => (
          <SmallChart key={metric.key} metric={metric} method={method} settings={settings} />
        ))}
      <TablesSection described={method.tables?.(settings) ?? []} />
    </div>
  )
}

interface SubjectProps {
  readonly method: MethodDescription
  readonly settings: SettingValues
}

function LossChart({ method, settings }: SubjectProps) {
  const hidden = usePreferences((state) => state.hiddenMetrics)
  const logScale = usePreferences((state) => state.logScale)
  const smoothing = usePreferences((state) => state.smoothing)
  const metrics = lossMetrics(method, settings)
  const shown = metrics.filter(({ key }) => !hidden.includes(key))
  const lines = shown.map(({ key, label }) => ({
    key,
    label,
    colour: colourOf(method, key),
  }))
  const keys = lines.map(({ key }) => key)
  const { points, axis } = useChart({ keys, most: POINTS, logScale, smoothing })
  const range = rangeOfValues(points, keys)
  const levels = levelsOf(shown, settings).map((level) => ({
    ...level,
    place: placeOf(level.value, range, logScale),
  }))
  return (
    <section className={classes.loss} aria-label="Losses" data-testid="chart-loss">
      <Legend
        {...{ method, metrics }}
        last={points.at(-1)}
        levels={points.length > 0 ? levels : []}
      />
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
          levels={levels.filter(({ place }) => place === 'near')}
          axis={axis}
          logScale={logScale}
        />
      )}
    </section>
  )
}

interface SmallChartProps extends SubjectProps {
  readonly metric: ApartMetric
}

function SmallChart({ metric, method, settings }: SmallChartProps) {
  const { key, label, help, noisy } = metric
  const smoothing = usePreferences((state) => (noisy ? state.smoothing : 0))
  const keys = [key]
  const { points, axis } = useChart({ keys, most: SMALL_POINTS, logScale: false, smoothing })
  const last = points.at(-1)?.[key]
  const range = rangeOfValues(points, keys)
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
          levels={levelsOf([metric], settings).filter(
            ({ value }) => placeOf(value, range, false) === 'near',
          )}
          axis={axis}
          logScale={false}
        />
      )}
    </section>
  )
}
