import { Switch } from '@mantine/core'
import { useState } from 'react'
import { BUDGET_BOUNDS, type Budget, type Comparison } from '../../store/comparison/model.ts'
import { change } from '../../store/comparison/page.ts'
import classes from './compare.module.css'

/** How long every run is trained, and how it is measured. Fixed once a run has begun: the curves must compare. */
export function BudgetFields({ comparison }: { readonly comparison: Comparison }) {
  const { id, budget, runs } = comparison
  const locked = runs.length > 0
  const set = (next: Partial<Budget>): void =>
    change(id, (before) => ({ ...before, budget: { ...before.budget, ...next } }))
  return (
    <section aria-label="Budget" className={classes.variants}>
      <h3 className={classes.heading}>Budget of every run</h3>
      <div className={classes.budget}>
        <NumberBox
          name="steps"
          label="Steps"
          value={budget.steps}
          disabled={locked}
          onChange={(steps) => steps !== null && set({ steps })}
        />
        <NumberBox
          name="minutes"
          label="Stop after minutes"
          placeholder="no limit"
          value={budget.minutes}
          disabled={locked}
          onChange={(minutes) => set({ minutes })}
        />
        <NumberBox
          name="knnEvery"
          label="k-NN every … steps"
          help="0: only at the end"
          value={budget.knnEvery}
          disabled={locked}
          onChange={(knnEvery) => knnEvery !== null && set({ knnEvery })}
        />
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
      </div>
      <p className={classes.quiet}>
        {locked
          ? 'Fixed since the first run began; a copy of the comparison may have another budget.'
          : 'All runs begin with the same seed. They rest while k-NN is measured. Time is time of training, with the preparation of the first step and without measuring.'}
      </p>
    </section>
  )
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
