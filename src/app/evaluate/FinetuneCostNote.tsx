import { useSession } from '../../store/hooks.ts'
import { costText, finetuneCost } from './finetuneCost.ts'
import { pace } from './pace.ts'
import classes from './results.module.css'
import { useEvaluationSettings } from './useEvaluation.ts'

/** What fine-tuning with the present settings takes, before one begins it. */
export function FinetuneCostNote() {
  const values = useEvaluationSettings()
  const loaded = useSession(({ run }) => run.images)
  const isSoftware = useSession(({ adapter }) => adapter?.software === true)
  if (loaded === 0) return null
  const cost = finetuneCost(values, loaded, pace())
  return (
    <p className={classes.note} data-testid="finetune-cost">
      {costText(cost)}
      {isSoftware &&
        ' There is no GPU here, only software that stands in for one: take 1\u00a0% of the labels and few epochs.'}
    </p>
  )
}
