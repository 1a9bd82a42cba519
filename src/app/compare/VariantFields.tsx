import { ActionIcon, NativeSelect, Switch } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { MethodDescription } from '../../methods/description.ts'
import { formatSetting } from '../../settings/format.ts'
import type { SettingRow, SettingValue, SettingValues } from '../../settings/rows.ts'
import type { Comparison, Variant } from '../../store/comparison/model.ts'
import { change } from '../../store/comparison/page.ts'
import { labelOf, settingsOf, variable, withChanged } from '../../store/comparison/plan.ts'
import { isActive, methodOf } from '../../store/form.ts'
import { NumberInput } from '../settings/NumberField.tsx'
import classes from './compare.module.css'
import { useFirst } from './useOffered.ts'

interface VariantFieldsProps {
  readonly comparison: Comparison
  readonly variant: Variant
  /** It has run: what it ran with stays. */
  readonly locked: boolean
}

/** The settings that a run changes, each with its control, and a way to change another one. */
export function VariantFields({ comparison, variant, locked }: VariantFieldsProps) {
  const method = methodOf(comparison.method)
  const first = useFirst(method)
  const { values } = variant
  const whole = settingsOf(method, comparison, { variant: variant.id, repeat: 0 }).values
  const keys = Object.keys(values).filter((key) => method.table[key] !== undefined)
  if (locked) {
    const text = labelOf(method.table, values)
    return text === variant.label ? null : <p className={classes.quiet}>{text}</p>
  }
  /** A name that says what is changed goes on doing so; one that the person chose stays. */
  const set = (next: SettingValues): void =>
    change(comparison.id, (before) =>
      withChanged(before, variant.id, {
        values: next,
        ...(variant.label === labelOf(method.table, values)
          ? { label: labelOf(method.table, next) }
          : {}),
      }),
    )
  return (
    <div className={classes.fields}>
      {keys.map((key) => (
        <Field
          key={key}
          id={`variant-${variant.id}-${key}`}
          row={method.table[key]!}
          value={values[key]!}
          onChange={(value) => set({ ...values, [key]: value })}
          onRemove={() => {
            const others = Object.entries(values).filter(([other]) => other !== key)
            set(Object.fromEntries(others))
          }}
        />
      ))}
      <NativeSelect
        size="xs"
        aria-label={`Change a setting of ${variant.label}`}
        value=""
        data={[
          { value: '', label: 'Change a setting…' },
          ...settingOptions(method, first, whole, (key) => values[key] === undefined),
        ]}
        onChange={({ currentTarget: { value: key } }) => {
          const value = whole[key]
          if (value !== undefined) set({ ...values, [key]: value })
        }}
      />
    </div>
  )
}

/**
 * Settings to choose from, of those that count under some values: the usual ones first, then all others under their
 * headings.
 */
export function settingOptions(
  method: MethodDescription,
  usual: readonly string[],
  values: SettingValues,
  isFree: (key: string) => boolean = () => true,
) {
  const first = new Set(usual)
  const rows = variable(method.table).filter(([key, row]) => isActive(row, values) && isFree(key))
  const option = ([key, row]: readonly [string, SettingRow]) => ({ value: key, label: row.label })
  const groups = [...new Set(rows.map(([, { group }]) => group))]
  return [
    { group: 'Often compared', items: rows.filter(([key]) => first.has(key)).map(option) },
    ...groups.map((group) => ({
      group,
      items: rows.filter(([key, row]) => row.group === group && !first.has(key)).map(option),
    })),
  ].filter(({ items }) => items.length > 0)
}

interface FieldProps {
  readonly id: string
  readonly row: SettingRow
  readonly value: SettingValue
  readonly onChange: (value: SettingValue) => void
  readonly onRemove: () => void
}

function Field({ id, row, value, onChange, onRemove }: FieldProps) {
  return (
    <span className={classes.field}>
      <label htmlFor={id}>{row.label}</label>
      {row.kind === 'number' && (
        <NumberInput id={id} row={row} value={Number(value)} onChange={onChange} />
      )}
      {row.kind === 'choice' && (
        <NativeSelect
          id={id}
          size="xs"
          value={String(value)}
          data={row.options.map((option) => ({ value: option.value, label: option.label }))}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
      {row.kind === 'toggle' && (
        <Switch
          id={id}
          size="xs"
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )}
      <ActionIcon
        size={20}
        aria-label={`Leave ${row.label} ${formatSetting(row, value)} out`}
        onClick={onRemove}
      >
        <IconX size={12} />
      </ActionIcon>
    </span>
  )
}
