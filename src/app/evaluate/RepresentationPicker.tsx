import { NativeSelect } from '@mantine/core'
import type { EvaluationKind } from '../../results.ts'
import { evaluate } from '../../store/events.ts'
import { session } from '../../store/page.ts'
import classes from './evaluate.module.css'
import { Help } from './Help.tsx'
import { isOfPaper, representationGroups } from './representations.ts'
import { useRepresentation, useSubject } from './useEvaluation.ts'

interface RepresentationPickerProps {
  readonly kind: EvaluationKind
  readonly disabled: boolean
}

/** Which of the network's representations an evaluation takes; the paper's choice until one chooses otherwise. */
export function RepresentationPicker({ kind, disabled }: RepresentationPickerProps) {
  const { representations } = useSubject()
  const representation = useRepresentation(kind)
  const { id, label, help, network } = representation
  return (
    <span className={classes.picker}>
      <NativeSelect
        size="xs"
        aria-label="Representation"
        data-testid="representation"
        disabled={disabled}
        value={id}
        data={representationGroups(representations, kind)}
        onChange={({ currentTarget: { value } }) =>
          evaluate(session, (state) => ({
            ...state,
            chosen: { ...state.chosen, [kind]: value },
          }))
        }
      />
      <Help about={label}>
        {help} {network !== 'encoder' && `Of the ${network}.`}{' '}
        {isOfPaper(representation, kind) && 'What the paper takes for this evaluation.'}
      </Help>
    </span>
  )
}
