import { UnstyledButton } from '@mantine/core'
import type { MethodDescription } from '../../methods/description.ts'
import { usePreferences } from '../../store/hooks.ts'
import { toggleMetric } from '../../store/preferences.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { formatValue } from './axes.ts'
import classes from './charts.module.css'
import { colourOf, lossMetrics } from './metrics.ts'
import type { Point } from './points.ts'

interface LegendProps {
  readonly method: MethodDescription
  /** The newest point. */
  readonly last: Point | undefined
}

/** The losses with their newest values; each switches its line on and off. */
export function Legend({ method, last }: LegendProps) {
  const hidden = usePreferences((state) => state.hiddenMetrics)
  return (
    <div className={classes.legend} role="group" aria-label="Lines">
      {lossMetrics(method).map(({ key, label, help }) => {
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
    </div>
  )
}
