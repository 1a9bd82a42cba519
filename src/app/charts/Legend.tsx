import { UnstyledButton } from '@mantine/core'
import type { MethodDescription, MetricDescription } from '../../methods/description.ts'
import { usePreferences } from '../../store/hooks.ts'
import { toggleMetric } from '../../store/preferences.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { formatValue } from './axes.ts'
import type { ChartLevel } from './Chart.tsx'
import classes from './charts.module.css'
import { LEVEL_DASH, type LevelPlace } from './levels.ts'
import { colourOf } from './metrics.ts'
import type { Point } from './points.ts'
import { Swatch } from './Swatch.tsx'

interface LegendProps {
  readonly method: MethodDescription
  /** Those of the losses that the run reports. */
  readonly metrics: readonly MetricDescription[]
  /** The newest point. */
  readonly last: Point | undefined
  /** What the losses are compared with; a line of the chart only where it is near them. */
  readonly levels: readonly (ChartLevel & { readonly place: LevelPlace })[]
}

/** The losses with their newest values, each of which switches its line on and off; then what they are compared with. */
export function Legend({ method, metrics, last, levels }: LegendProps) {
  const hidden = usePreferences((state) => state.hiddenMetrics)
  return (
    <div className={classes.legend} role="group" aria-label="Lines">
      {metrics.map(({ key, label, help }) => {
        const shown = !hidden.includes(key)
        const value = last?.[key]
        return (
          <Tooltip key={key} label={help}>
            <UnstyledButton
              className={classes.entry}
              aria-pressed={shown}
              data-testid={`toggle-${key}`}
              onClick={() => toggleMetric(key)}
            >
              <span className={classes.swatch} style={{ background: colourOf(method, key) }} />
              {label} <b>{shown && typeof value === 'number' ? formatValue(value) : ''}</b>
            </UnstyledButton>
          </Tooltip>
        )
      })}
      {levels.map(({ label, place }) => (
        <span key={label} className={classes.entry} data-testid="chart-level">
          <Swatch colour="var(--mantine-color-dimmed)" dash={LEVEL_DASH} />
          {label}
          {place !== 'near' && `, ${place} the chart`}
        </span>
      ))}
    </div>
  )
}
