import { Button } from '@mantine/core'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { compose, openComparison, useCompare } from '../../store/comparison/page.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { runsOf } from '../../store/comparison/plan.ts'
import { pickComparison } from '../files/files.ts'
import classes from './compare.module.css'
import { PresetCard } from './PresetCard.tsx'
import { useOffered } from './useOffered.ts'

/** What comparisons are for, those of the method, and those that were made before. */
export function Start() {
  const method = methodOf(useSession((state) => state.method))
  const presets = useOffered(method)
  return (
    <>
      <p className={classes.about}>
        Trains several runs one after another and draws their curves in one chart: by steps, by
        images and by time. So you see what a setting is worth, and what it costs.
      </p>
      <div className={classes.buttons}>
        <Button
          size="xs"
          variant={presets.length > 0 ? 'default' : 'filled'}
          onClick={() => compose('My comparison', [{ label: 'As the form', values: {} }])}
        >
          Compose your own
        </Button>
        <Button size="xs" variant="default" onClick={() => void pickComparison()}>
          Open a file
        </Button>
      </div>
      {presets.length > 0 && (
        <section aria-label={`Comparisons of ${method.name}`}>
          <h3 className={classes.heading}>Worth comparing with {method.name}</h3>
          <div className={classes.cards}>
            {presets.map(([id, preset]) => (
              <PresetCard key={id} method={method} preset={preset} />
            ))}
          </div>
        </section>
      )}
      <Saved />
    </>
  )
}

function Saved() {
  const comparisons = useCompare((state) => state.comparisons)
  if (comparisons.length === 0) return null
  return (
    <section aria-label="Kept comparisons">
      <h3 className={classes.heading}>Kept in this browser</h3>
      <ul className={classes.saved}>
        {comparisons.map((comparison) => (
          <li key={comparison.id}>
            <Button
              size="compact-sm"
              variant="subtle"
              data-testid="saved-comparison"
              onClick={() => openComparison(comparison.id)}
            >
              {comparison.name}
            </Button>
            <span className={classes.quiet}>{savedText(comparison)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function savedText(comparison: Comparison): string {
  const done = comparison.runs.filter(({ outcome }) => outcome === 'done').length
  const made = new Date(comparison.made).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return `${methodOf(comparison.method).name}, ${done} of ${runsOf(comparison).length} runs done, ${made}`
}
