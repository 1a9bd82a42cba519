import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { resolveSettings } from '../../settings/parse.ts'
import type { SettingRow } from '../../settings/rows.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { change } from '../../store/comparison/page.ts'
import { labelOf, readList, withVariant } from '../../store/comparison/plan.ts'
import { isActive, methodOf } from '../../store/form.ts'
import classes from './compare.module.css'
import { useFirst } from './useOffered.ts'
import { settingOptions } from './VariantFields.tsx'

/** Adds a run for every value of a setting, on top of the form or of a run that is there. */
export function AddVariants({ comparison }: { readonly comparison: Comparison }) {
  const method = methodOf(comparison.method)
  const first = useFirst(method)
  const [chosen, setKey] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [on, setOn] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const start = comparison.variants.find(({ id }) => id === on)
  const { values: under } = resolveSettings(method.table, start?.values ?? {}, comparison.base)
  const counts = (key: string): boolean => isActive(method.table[key]!, under)
  const key = [chosen, ...first].find((each) => each !== null && counts(each)) ?? 'seed'
  const row = method.table[key]!
  const add = (): void => {
    const { values, unread } = readList(row, text)
    setProblem(
      unread.length > 0
        ? `Not taken: ${unread.join(', ')}. ${exampleOf(row)}`
        : values.length === 0
          ? exampleOf(row)
          : null,
    )
    setText(unread.join(', '))
    change(comparison.id, (before) =>
      values.reduce((plan, value) => {
        const changed = { ...start?.values, [key]: value }
        const own = labelOf(method.table, { [key]: value })
        const label = start ? `${start.label}, ${own}` : own
        return withVariant(plan, { label: label.slice(0, 80), values: changed })
      }, before),
    )
  }
  return (
    <form
      className={classes.add}
      aria-label="Add runs"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <NativeSelect
        size="xs"
        label="Add a run for each"
        data-testid="add-setting"
        value={key}
        data={settingOptions(method, first, under)}
        onChange={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <label className={classes.values}>
        of the values
        <input
          data-testid="add-values"
          placeholder={placeholderOf(row)}
          autoComplete="off"
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'add-problem'}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <NativeSelect
        size="xs"
        label="on top of"
        value={start ? on : ''}
        data={[
          { value: '', label: 'the form’s settings' },
          ...comparison.variants.map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange={({ currentTarget }) => setOn(currentTarget.value)}
      />
      <Button size="xs" type="submit" variant="default" data-testid="add-runs">
        Add
      </Button>
      {problem !== null && (
        <p id="add-problem" role="alert" className={classes.notice}>
          {problem}
        </p>
      )}
    </form>
  )
}

const placeholderOf = (row: SettingRow): string => {
  if (row.kind === 'toggle') return 'on, off'
  if (row.kind === 'choice') return row.options.map(({ value }) => value).join(', ')
  return row.integer ? '1, 2, 4' : '0.5, 0.75'
}

const exampleOf = (row: SettingRow): string => {
  if (row.kind === 'number')
    return `${row.label} takes ${row.integer ? 'whole numbers' : 'numbers'} from ${row.min} to ${row.max}, separated by commas.`
  return `${row.label} takes these, separated by commas: ${placeholderOf(row)}.`
}
