import { useSession } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import { costText, finetuneCost } from './finetuneCost.ts'
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

/** Images a second in the last steps of the run; 0 before there were any. */
function pace(): number {
  const speed = series.metric('imagesPerSecond')
  const last = series.length - 1
  return speed && speed.count[last]! > 0 ? speed.sum[last]! / speed.count[last]! : 0
}
