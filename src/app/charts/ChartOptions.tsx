import { Button, NativeSelect } from '@mantine/core'
import { usePreferences } from '../../store/hooks.ts'
import { preferences, SMOOTHING_STEPS, type ChartAxis } from '../../store/preferences.ts'
import { axisNames } from './axes.ts'
import classes from './charts.module.css'

const axes = Object.entries(axisNames).map(([value, label]) => ({
  value,
  label: `by ${label.toLowerCase()}`,
}))

const smoothings = SMOOTHING_STEPS.map((steps) => ({
  value: String(steps),
  label: steps === 0 ? 'raw' : `smooth ${steps}`,
}))

/** Axis, scale and smoothing of the charts. */
export function ChartOptions() {
  const { axis, logScale, smoothing } = usePreferences((state) => state)
  return (
    <div className={classes.options} role="group" aria-label="Chart options">
      <NativeSelect
        size="xs"
        aria-label="Horizontal axis"
        data-testid="chart-axis"
        data={axes}
        value={axis}
        onChange={({ currentTarget }) =>
          preferences.setState({ axis: currentTarget.value as ChartAxis })
        }
      />
      <NativeSelect
        size="xs"
        aria-label="Smoothing: steps in which a value loses half its weight"
        title="Steps in which a value loses half its weight"
        data-testid="chart-smoothing"
        data={smoothings}
        value={String(smoothing)}
        onChange={({ currentTarget }) =>
          preferences.setState({ smoothing: Number(currentTarget.value) })
        }
      />
      <Button
        size="xs"
        variant={logScale ? 'light' : 'default'}
        aria-pressed={logScale}
        data-testid="chart-log"
        onClick={() => preferences.setState({ logScale: !logScale })}
      >
        log
      </Button>
    </div>
  )
}
