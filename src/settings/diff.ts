import { defaultsFor, followed, leadingChoices } from './defaults.ts'
import { formatSetting } from './format.ts'
import type { SettingRow, SettingTable, SettingValue, SettingValues } from './rows.ts'

/** A setting that two runs have differently. */
export interface SettingDifference {
  readonly key: string
  readonly label: string
  readonly from: SettingValue
  readonly to: SettingValue
}

/**
 * What differs between two sets of values, in the table's order; a key that one of them lacks has its default there,
 * under the choices of that set.
 */
export function diffSettings(
  table: SettingTable,
  from: SettingValues,
  to: SettingValues,
): readonly SettingDifference[] {
  const [first, second] = [defaultsFor(table, from), defaultsFor(table, to)]
  return Object.entries(table).flatMap(([key, { label }]) => {
    const before = from[key] ?? first[key]!
    const after = to[key] ?? second[key]!
    return before === after ? [] : [{ key, label, from: before, to: after }]
  })
}

/**
 * What has to be asked for on top of a base to get values, in the table's order: all that differs, less what follows a
 * choice among it by itself.
 * @param base full valid values
 */
export function wishedOf(
  table: SettingTable,
  base: SettingValues,
  values: SettingValues,
): readonly SettingDifference[] {
  const leaders: SettingValues = Object.fromEntries(
    leadingChoices(table).map(([key]) => [key, base[key]!]),
  )
  const from = { ...followed(table, base, values), ...leaders }
  return diffSettings(table, from, { ...from, ...values })
}

/** Differences in a few words: "Mask ratio 0.6 → 0.75, +2 more"; "no difference" where there is none. */
export function diffText(
  table: SettingTable,
  differences: readonly SettingDifference[],
  shown = 1,
): string {
  if (differences.length === 0) return 'no difference'
  const parts = differences.slice(0, shown).map((difference) => {
    const row = table[difference.key]
    const change = row ? changeText(row, difference) : `${difference.from} → ${difference.to}`
    return `${difference.label} ${change}`
  })
  const left = differences.length - parts.length
  return [...parts, ...(left > 0 ? [`+${left} more`] : [])].join(', ')
}

function changeText(row: SettingRow, { from, to }: SettingDifference): string {
  const before = formatSetting(row, from)
  const after = formatSetting(row, to)
  // Values that only differ beyond the digits for people are written out.
  if (before === after) return `${from} → ${to}`
  const unit = row.kind === 'number' && row.unit !== undefined ? ` ${row.unit}` : ''
  return `${before.endsWith(unit) ? before.slice(0, before.length - unit.length) : before} → ${after}`
}
