import { useSession } from '../../../store/hooks.ts'
import { pace } from '../pace.ts'
import classes from '../results.module.css'
import { useEvaluationSettings, useLatest } from '../useEvaluation.ts'
import { interactionCost, interactionCostText } from './cost.ts'

/** What measuring with the present settings takes, before one begins it. */
export function CostNote() {
  const values = useEvaluationSettings()
  const loaded = useSession(({ run }) => run.images)
  const latest = useLatest('interactions')
  const cost = interactionCost(values, loaded, { imagesPerSecond: pace(), latest })
  return (
    <p className={classes.note} data-testid="interactions-cost">
      {interactionCostText(cost)}
    </p>
  )
}
