import { formatSetting } from './format.ts'
import {
  defaultsOf,
  type ChoiceRow,
  type SettingRow,
  type SettingTable,
  type SettingValue,
  type SettingValues,
} from './rows.ts'

/**
 * The choices of a table on which defaults of other settings depend, in the table's order. None of them depends on another.
 */
export const leadingChoices = (table: SettingTable): readonly (readonly [string, ChoiceRow])[] =>
  Object.entries(table).filter(
    (entry): entry is [string, ChoiceRow] =>
      entry[1].kind === 'choice' && entry[1].options.some(({ defaults }) => defaults),
  )

/** The settings whose defaults depend on a choice. */
export const followersOf = ({ options }: ChoiceRow): readonly string[] => [
  ...new Set(options.flatMap(({ defaults = {} }) => Object.keys(defaults))),
]

/** The defaults of a table under the options that are chosen in `values`; a choice that is not there is at its own. */
export function defaultsFor(table: SettingTable, values: SettingValues): SettingValues {
  const defaults = leadingChoices(table).map(([key, row]) => {
    const value = values[key] ?? row.default
    return row.options.find((option) => option.value === value)?.defaults
  })
  return Object.assign({ ...defaultsOf(table) }, ...defaults) as SettingValues
}

/**
 * Values after choices have changed: whatever stands at the default of an option that is left goes to the default of the
 * one that is taken. The same values where no leading choice changes.
 * @param values full valid values
 * @param choices valid values; only those of leading choices count
 */
export function followed(
  table: SettingTable,
  values: SettingValues,
  choices: SettingValues,
): SettingValues {
  const chosen = { ...values }
  for (const [key] of leadingChoices(table)) chosen[key] = choices[key] ?? values[key]!
  if (leadingChoices(table).every(([key]) => chosen[key] === values[key])) return values
  const [before, after] = [defaultsFor(table, values), defaultsFor(table, chosen)]
  const follows = Object.entries(after).filter(
    ([key, value]) => value !== before[key] && values[key] === before[key],
  )
  return { ...chosen, ...Object.fromEntries(follows) }
}

/** A default for people, with what it depends on: "0.1", or "0.5 with ResNet, 0.1 with ViT". */
export function defaultText(
  table: SettingTable,
  key: string,
  row: SettingRow,
  values: SettingValues = {},
): string {
  const said = (value: SettingValue): string => formatSetting(row, value)
  const choices = leadingChoices(table).filter(([, choice]) => followersOf(choice).includes(key))
  if (choices.length === 0) return said(row.default)
  return choices
    .flatMap(([leader, { options, default: first }]) => {
      const labels = new Map<SettingValue, string[]>()
      const chosen: SettingValue = values[leader] ?? first
      const inForceFirst = [...options].sort(
        (a, b) => Number(b.value === chosen) - Number(a.value === chosen),
      )
      for (const { label, defaults } of inForceFirst) {
        const value = defaults?.[key] ?? row.default
        labels.set(value, [...(labels.get(value) ?? []), label])
      }
      return [...labels].map(([value, names]) => `${said(value)} with ${names.join(' or ')}`)
    })
    .join(', ')
}
