import { formatSetting } from '../../settings/format.ts'
import type { SettingRow, SettingTable, SettingValues } from '../../settings/rows.ts'
import { isActive } from '../../store/form.ts'

/** A heading of the form with its rows, in the table's order. */
export interface SettingGroup {
  readonly name: string
  readonly rows: readonly (readonly [string, SettingRow])[]
}

/** Settings named in the one-line summary of a closed group. */
const NAMED = 4

/** The rows that hold with these values, by heading. */
export function groupsOf(table: SettingTable, values: SettingValues): readonly SettingGroup[] {
  const groups = new Map<string, [string, SettingRow][]>()
  for (const [key, row] of Object.entries(table)) {
    if (!isActive(row, values)) continue
    const rows = groups.get(row.group) ?? []
    groups.set(row.group, [...rows, [key, row]])
  }
  return [...groups].map(([name, rows]) => ({ name, rows }))
}

/** Whether a setting stands above all groups. */
const isAtTop = (row: SettingRow): boolean => row.kind === 'choice' && row.atTop === true

/** The choices above all groups. */
export const topChoices = (table: SettingTable): SettingGroup['rows'] =>
  Object.entries(table).filter(([, row]) => isAtTop(row))

/** The groups of the training form; settings of evaluations stand beside their results. */
export const trainingGroups = (table: SettingTable, values: SettingValues) =>
  groupsOf(table, values)
    .map(({ name, rows }) => ({ name, rows: rows.filter(([, row]) => !isAtTop(row)) }))
    .filter(({ rows }) => rows.length > 0 && rows[0]![1].effect !== 'evaluation')

/** The rows that are seen at once; rare ones are folded away, unless there are no others. */
export function plainRows({ rows }: SettingGroup): SettingGroup['rows'] {
  const plain = rows.filter(([, row]) => !row.advanced)
  return plain.length > 0 ? plain : rows
}

/** A closed group in one line: "Patch 4 px · Width 192 · Depth 6". */
export function digest(group: SettingGroup, values: SettingValues): string {
  return plainRows(group)
    .slice(0, NAMED)
    .map(([key, row]) => `${row.label} ${formatSetting(row, values[key] ?? row.default)}`)
    .join(' · ')
}
