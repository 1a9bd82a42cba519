import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { ChoiceField } from '../settings/ChoiceField.tsx'
import classes from './evaluate.module.css'

/** The share of the labels: the one setting of fine-tuning that everyone wants to try. */
export function FinetuneChoice() {
  const row = useSession(({ method }) => methodOf(method).table.finetuneLabels)
  const isOfRun = useSession(({ method, running }) => !running || running.method === method)
  const value = useSession(({ wanted }) => wanted.finetuneLabels ?? row?.default)
  if (row?.kind !== 'choice' || !isOfRun) return null
  return (
    <span className={classes.choice}>
      <span>{row.label}</span>
      <ChoiceField
        id="finetune-labels"
        row={row}
        value={String(value)}
        onChange={(labels) => client.changeSetting('finetuneLabels', labels)}
      />
    </span>
  )
}
