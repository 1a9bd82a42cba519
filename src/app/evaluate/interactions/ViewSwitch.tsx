import { SegmentedControl } from '@mantine/core'
import type { CurveView, Estimator, Scale } from './curves.ts'
import classes from './interactions.module.css'

interface ViewSwitchProps {
  readonly view: CurveView
  readonly onChange: (view: CurveView) => void
}

const ESTIMATORS: { value: Estimator; label: string }[] = [
  { value: 'published', label: 'Published' },
  { value: 'debiased', label: 'De-biased' },
]
const SCALES: { value: Scale; label: string }[] = [
  { value: 'relative', label: 'Relative' },
  { value: 'absolute', label: 'Absolute' },
]

/** Which estimate of the strengths is shown, and on which scale. */
export function ViewSwitch({ view, onChange }: ViewSwitchProps) {
  return (
    <div className={classes.view}>
      <SegmentedControl
        size="xs"
        aria-label="Estimate"
        data-testid="interactions-estimator"
        value={view.estimator}
        data={ESTIMATORS}
        onChange={(estimator) => onChange({ ...view, estimator })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Scale"
        data-testid="interactions-scale"
        value={view.scale}
        data={SCALES}
        onChange={(scale) => onChange({ ...view, scale })}
      />
    </div>
  )
}
