import { NativeSelect, SegmentedControl } from '@mantine/core'
import type { ChoiceRow } from '../../settings/rows.ts'

/** More characters than this do not fit side by side. */
const SEGMENTED_CHARACTERS = 32

interface ChoiceFieldProps {
  readonly id: string
  readonly row: Pick<ChoiceRow, 'label' | 'options'>
  readonly value: string
  readonly onChange: (value: string) => void
}

/** One of a few: side by side where there is room, else a list. */
export function ChoiceField({ id, row, value, onChange }: ChoiceFieldProps) {
  const characters = row.options.reduce((sum, { label }) => sum + label.length + 2, 0)
  const data = row.options.map((option) => ({ value: option.value, label: option.label }))
  if (row.options.length > 4 || characters > SEGMENTED_CHARACTERS)
    return (
      <NativeSelect
        size="xs"
        aria-label={row.label}
        data-testid={id}
        data={data}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={row.label}
      data-testid={id}
      data={data}
      value={value}
      onChange={onChange}
    />
  )
}
