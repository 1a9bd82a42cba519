import { SegmentedControl, Switch } from '@mantine/core'
import { useState } from 'react'
import { BUDGET_BOUNDS, type Budget, type Comparison } from '../../store/comparison/model.ts'
import { change } from '../../store/comparison/page.ts'
import { timeBudget } from '../../store/comparison/plan.ts'
import { interactionCost, interactionCostText } from '../evaluate/interactions/cost.ts'
import classes from './compare.module.css'

/** How long every run is trained, and how it is measured. Fixed once a run has begun: the curves must compare. */
export function BudgetFields({ comparison }: { readonly comparison: Comparison }) {
  const { id, base, budget, runs } = comparison
  const locked = runs.length > 0
  const { byTime } = budget
  const alter = (how: (before: Budget) => Budget): void =>
    change(id, (before) => ({ ...before, budget: how(before.budget) }))
  const set = (next: Partial<Budget>): void => alter((before) => ({ ...before, ...next }))
  return (
    <section aria-label="Budget" className={classes.variants}>
      <h3 className={classes.heading}>Budget of every run</h3>
      <SegmentedControl
        size="xs"
        aria-label="What all runs have alike"
        data-testid="budget-kind"
        disabled={locked}
        value={byTime ? TIME : 'steps'}
        data={[
          { value: 'steps', label: 'Same steps' },
          { value: TIME, label: 'Same time' },
        ]}
        onChange={(kind) => alter((before) => ofKind(before, kind === TIME))}
      />
      <div className={classes.budget}>
        {!byTime && (
          <NumberBox
            name="steps"
            label="Steps"
            value={budget.steps}
            disabled={locked}
            onChange={(steps) => steps !== null && set({ steps })}
          />
        )}
        <NumberBox
          name="minutes"
          label={byTime ? 'Minutes of training' : 'Stop after minutes'}
          placeholder="no limit"
          value={budget.minutes}
          disabled={locked}
          onChange={(minutes) => (minutes !== null || !byTime) && set({ minutes })}
        />
        {!byTime && (
          <NumberBox
            name="knnEvery"
            label="k-NN every … steps"
            help="0: only at the end"
            value={budget.knnEvery}
            disabled={locked}
            onChange={(knnEvery) => knnEvery !== null && set({ knnEvery })}
          />
        )}
        <NumberBox
          name="seeds"
          label="Repeat with seeds"
          help="draws mean and range"
          value={budget.seeds}
          disabled={false}
          least={Math.max(1, ...runs.map(({ repeat }) => repeat + 1))}
          onChange={(seeds) => seeds !== null && set({ seeds })}
        />
        <Switch
          size="sm"
          label="Schedule as long as the budget"
          checked={budget.fitSchedule}
          disabled={locked}
          onChange={({ currentTarget }) => set({ fitSchedule: currentTarget.checked })}
        />
        <Switch
          size="sm"
          label="Interactions at the end"
          data-testid="budget-interactions"
          checked={budget.interactions ?? false}
          disabled={locked}
          onChange={({ currentTarget: { checked } }) =>
            alter((before) => withFlags(before, { interactions: checked }))
          }
        />
      </div>
      <p className={classes.quiet}>
        {locked
          ? 'Fixed since the first run began; a copy of the comparison may have another budget.'
          : `All runs begin with the same seed. They rest while k-NN is measured${byTime ? ', ten times in the time of each' : ''}. Time is time of training, with the preparation of the first step and without measuring.`}
        {byTime &&
          budget.fitSchedule &&
          ' How many steps fit into the time is measured in the first 64th of it and again later: each run’s “Schedule length” is set to that number, so that its learning rate ends with the time.'}
      </p>
      {budget.interactions && (
        <p className={classes.quiet} data-testid="budget-interactions-cost">
          Interactions are measured with the evaluation settings that were taken from the form:{' '}
          {interactionCostText(interactionCost(base, 0, NO_PACE))}
        </p>
      )}
    </section>
  )
}

const TIME = 'time'
/** The runs of a comparison have paces of their own. */
const NO_PACE = { imagesPerSecond: 0, latest: undefined }

/** With a budget of the other kind, which begins with its usual minutes. */
const ofKind = (budget: Budget, isTime: boolean): Budget =>
  withFlags({ ...budget, minutes: isTime ? timeBudget.minutes : null }, { byTime: isTime })

/** A budget with these flags, of which it has those alone that are set. */
function withFlags(
  budget: Budget,
  flags: { readonly byTime?: boolean; readonly interactions?: boolean },
): Budget {
  const { steps, minutes, knnEvery, seeds, fitSchedule } = budget
  const { byTime, interactions } = { ...budget, ...flags }
  return {
    ...{ steps, minutes, knnEvery, seeds, fitSchedule },
    ...(byTime && { byTime }),
    ...(interactions && { interactions }),
  }
}

interface NumberBoxProps {
  readonly name: keyof typeof BUDGET_BOUNDS
  readonly label: string
  readonly value: number | null
  readonly disabled: boolean
  readonly placeholder?: string
  readonly help?: string
  /** Least value, where it is more than the usual one. */
  readonly least?: number
  readonly onChange: (value: number | null) => void
}

/** A number that is taken when the person leaves the field; an empty one is null. */
function NumberBox(props: NumberBoxProps) {
  const { name, label, value, disabled, placeholder, help, least = 0, onChange } = props
  const [typed, setTyped] = useState<string | null>(null)
  const { min, max } = BUDGET_BOUNDS[name]
  const commit = (): void => {
    if (typed === null) return
    setTyped(null)
    if (typed.trim() === '') {
      onChange(null)
      return
    }
    const number = Number(typed.replace(/,/g, ''))
    if (!Number.isFinite(number)) return
    const whole = name === 'minutes' ? number : Math.round(number)
    onChange(Math.min(Math.max(whole, min, least), max))
  }
  return (
    <label className={classes.box}>
      {label}
      <input
        inputMode="decimal"
        autoComplete="off"
        data-testid={`budget-${name}`}
        disabled={disabled}
        placeholder={placeholder}
        value={typed ?? value ?? ''}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={commit}
        onKeyDown={({ key }) => {
          if (key === 'Enter') commit()
          else if (key === 'Escape') setTyped(null)
        }}
      />
      {help !== undefined && <span className={classes.quiet}>{help}</span>}
    </label>
  )
}
