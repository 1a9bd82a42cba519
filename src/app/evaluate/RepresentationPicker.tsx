import { NativeSelect } from '@mantine/core'
import { evaluate } from '../../store/events.ts'
import { session } from '../../store/page.ts'
import classes from './evaluate.module.css'
import { Help } from './Help.tsx'
import { useRepresentation, useSubject } from './useEvaluation.ts'

/** Which of the network's representations is evaluated: one choice for all panels. */
export function RepresentationPicker({ disabled }: { readonly disabled: boolean }) {
  const { representations } = useSubject()
  const chosen = useRepresentation()
  const items = (online: boolean) =>
    representations
      .filter((representation) => representation.online === online)
      .map(({ id, label }) => ({ value: id, label }))
  const layers = items(false)
  return (
    <span className={classes.picker}>
      <NativeSelect
        size="xs"
        aria-label="Representation"
        data-testid="representation"
        disabled={disabled}
        value={chosen.id}
        data={[
          { group: 'Representations', items: items(true) },
          ...(layers.length > 0 ? [{ group: 'Inside the network', items: layers }] : []),
        ]}
        onChange={({ currentTarget: { value } }) =>
          evaluate(session, (state) => ({ ...state, representation: value }))
        }
      />
      <Help about={chosen.label}>
        {chosen.help} {chosen.network !== 'encoder' && `Of the ${chosen.network}.`}
      </Help>
    </span>
  )
}
