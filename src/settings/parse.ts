import { defaultsFor, followed, leadingChoices } from './defaults.ts'
import { formatSetting } from './format.ts'
import { shortText, type Notice } from './notice.ts'
import { type SettingTable, type SettingValue, type SettingValues } from './rows.ts'
import { readValue } from './value.ts'

/** Full valid values of a table, and what had to be ignored or replaced to get them. */
export interface Resolved {
  readonly values: SettingValues
  readonly notices: readonly Notice[]
}

/**
 * A method's rules between settings (heads must divide the width, a mask patch must be a multiple of the patch): takes
 * values that are valid row by row and returns values that also fit together, each change named by `repairNotice`.
 * Must return values that fit unchanged.
 * @param wished keys of the values that were asked for just now: where either of two could give way, the other does
 */
export type Constraints = (values: SettingValues, wished: ReadonlySet<string>) => Resolved

/**
 * Turns wishes from an address, a file or a command line into full valid values of a table: unknown keys are ignored,
 * numbers clamped and rounded, unreadable values replaced by `base` (or by the default where `base` lacks the key),
 * and every such deviation is named. Where a wish changes a choice with defaults of its own, settings that nobody wishes
 * for and that stand at their default follow it, wherever in the wish it stands. Never throws; resolving the result again
 * changes nothing.
 */
export function resolveSettings(
  table: SettingTable,
  wanted: Readonly<Record<string, unknown>>,
  base: SettingValues = {},
  constraints?: Constraints,
): Resolved {
  const notices: Notice[] = []
  const values = new Map(
    Object.entries(followed(table, soundBase(table, base), choicesOf(table, wanted))),
  )
  for (const [key, wish] of Object.entries(wanted)) {
    const row = rowOf(table, key)
    if (!row) {
      notices.push(unknownNotice(table, key, wish))
      continue
    }
    const { value, problem } = readValue(row, wish, values.get(key) ?? row.default)
    values.set(key, value)
    if (problem === null) continue
    const used = formatSetting(row, value)
    const given = shortText(wish)
    const text = `${row.label}: “${given}” ${problem}; using ${used} instead.`
    notices.push({ key, label: row.label, given, used, text })
  }
  const resolved = Object.fromEntries(values)
  if (!constraints) return { values: resolved, notices }
  const repaired = constraints(resolved, new Set(Object.keys(wanted)))
  return {
    values: soundBase(table, { ...resolved, ...repaired.values }),
    notices: [...notices, ...repaired.notices],
  }
}

/** The notice of a constraint that replaces a value: "Heads: 5 does not divide the width 192; using 6 instead." */
export function repairNotice(
  table: SettingTable,
  key: string,
  from: SettingValue,
  to: SettingValue,
  problem: string,
): Notice {
  const row = rowOf(table, key)
  const name = row?.label ?? key
  const given = row ? formatSetting(row, from) : shortText(from)
  const used = row ? formatSetting(row, to) : shortText(to)
  const text = `${name}: ${given} ${problem}; using ${used} instead.`
  return { key, label: row?.label ?? null, given, used, text }
}

function rowOf(table: SettingTable, key: string) {
  // Keys come from outside: "constructor" must not find Object.prototype's.
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** Every key of the table with a valid value: the base's own where it is valid, else the nearest, else the default. */
function soundBase(table: SettingTable, base: SettingValues): SettingValues {
  const values: Record<string, SettingValue> = { ...defaultsFor(table, choicesOf(table, base)) }
  for (const [key, row] of Object.entries(table))
    if (Object.hasOwn(base, key)) values[key] = readValue(row, base[key], row.default).value
  return values
}

/** What is wished of the choices on which defaults depend, where it can be read. */
function choicesOf(table: SettingTable, wanted: Readonly<Record<string, unknown>>): SettingValues {
  return Object.fromEntries(
    leadingChoices(table)
      .filter(([key]) => Object.hasOwn(wanted, key))
      .map(([key, row]) => [key, readValue(row, wanted[key], row.default)] as const)
      .filter(([, { problem }]) => problem === null)
      .map(([key, { value }]) => [key, value]),
  )
}

function unknownNotice(table: SettingTable, key: string, wish: unknown): Notice {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const meant = Object.keys(table).find((known) => letters(known) === letters(key))
  const hint = meant === undefined ? '' : ` Did you mean “${meant}”?`
  const text = `There is no setting “${shortText(key)}”; it is ignored.${hint}`
  return { key, label: null, given: shortText(wish), used: null, text }
}
