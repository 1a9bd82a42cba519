import { Button } from '@mantine/core'
import { useMemo } from 'react'
import type { Comparison as Preset, MethodDescription } from '../../methods/description.ts'
import { formatNumber } from '../../settings/format.ts'
import { secondsLeft } from '../../store/comparison/estimate.ts'
import { compose, measuredPace } from '../../store/comparison/page.ts'
import { initialBudget, newComparison, timeBudget } from '../../store/comparison/plan.ts'
import { limitOf } from '../../store/comparison/timing.ts'
import { useSession } from '../../store/hooks.ts'
import { formatSeconds } from '../format.ts'
import classes from './compare.module.css'

interface PresetCardProps {
  readonly method: MethodDescription
  readonly preset: Preset
}

/** A comparison of the method: what it shows, what the paper found, and how long it may take. */
export function PresetCard({ method, preset }: PresetCardProps) {
  const { label, help, variants } = preset
  const budget = preset.budget === 'time' ? timeBudget : initialBudget
  const wanted = useSession((state) => state.wanted)
  // Looked up anew when the run pauses or goes on.
  const state = useSession(({ run }) => run.state)
  const seconds = useMemo(
    () =>
      state === 'opening'
        ? null
        : secondsLeft(
            method,
            newComparison(method, wanted, label, variants, budget),
            measuredPace(),
          ),
    [method, wanted, label, variants, budget, state],
  )
  return (
    <article className={classes.card}>
      <h4>{label}</h4>
      <p>{help}</p>
      <footer>
        <span className={classes.quiet}>
          {variants.length} runs
          {seconds === null
            ? ''
            : budget.byTime
              ? `, ${formatSeconds(limitOf(budget))} each`
              : `, about ${formatSeconds(seconds)} for ${formatNumber(budget.steps)} steps each`}
        </span>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Set up: ${label}`}
          onClick={() => compose(label, variants, budget)}
        >
          Set up
        </Button>
      </footer>
    </article>
  )
}
