import { Tabs } from '@mantine/core'
import type { ComponentType } from 'react'
import type { EvaluationSection } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'
import { session } from '../../store/page.ts'
import { evaluate } from '../../store/events.ts'
import { Crops } from './Crops.tsx'
import { Detection } from './Detection.tsx'
import { EmbeddingMap } from './EmbeddingMap.tsx'
import classes from './evaluate.module.css'
import { Finetuning } from './Finetuning.tsx'
import { Interactions } from './Interactions.tsx'
import { LinearProbe } from './LinearProbe.tsx'
import { Neighbours } from './Neighbours.tsx'
import { Overview } from './Overview.tsx'
import { Robustness } from './Robustness.tsx'
import { Shapes } from './Shapes.tsx'
import { useSubject } from './useEvaluation.ts'

const sections: readonly {
  readonly id: EvaluationSection
  readonly label: string
  readonly Panel: ComponentType
}[] = [
  { id: 'overview', label: 'Overview', Panel: Overview },
  { id: 'linear', label: 'Linear probe', Panel: LinearProbe },
  { id: 'finetune', label: 'Fine-tuning', Panel: Finetuning },
  { id: 'neighbours', label: 'Neighbours', Panel: Neighbours },
  { id: 'crops', label: 'Crops', Panel: Crops },
  { id: 'map', label: 'Map', Panel: EmbeddingMap },
  { id: 'robustness', label: 'Robustness', Panel: Robustness },
  { id: 'shapes', label: 'Shape and texture', Panel: Shapes },
  { id: 'interactions', label: 'Interactions', Panel: Interactions },
  { id: 'detection', label: 'Misplaced patches', Panel: Detection },
]

/** Only networks that were trained to can tell misplaced patches. */
const isForAll = ({ id }: { readonly id: EvaluationSection }): boolean => id !== 'detection'

/** How good the features of the run are: one panel an evaluation. */
export default function EvaluatePanel() {
  const { section, progress } = useSession((state) => state.evaluations)
  const { method, values } = useSubject()
  const there = method.hasPlaces?.(values) ? sections : sections.filter(isForAll)
  return (
    <Tabs
      value={there.some(({ id }) => id === section) ? section : 'overview'}
      variant="pills"
      keepMounted={false}
      onChange={(value) => {
        const chosen = sections.find(({ id }) => id === value)
        if (chosen) evaluate(session, (state) => ({ ...state, section: chosen.id }))
      }}
      classNames={{ root: classes.root!, list: classes.sections!, panel: classes.section! }}
    >
      <Tabs.List aria-label="Evaluations">
        {there.map(({ id, label }) => {
          const isRunning = progress[id === 'overview' ? 'knn' : id] !== undefined
          return (
            <Tabs.Tab key={id} value={id} data-testid={`section-${id}`}>
              {label}
              {isRunning && <span className={classes.dot} role="img" aria-label="under way" />}
            </Tabs.Tab>
          )
        })}
      </Tabs.List>
      {there.map(({ id, Panel }) => (
        <Tabs.Panel key={id} value={id}>
          <Panel />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
