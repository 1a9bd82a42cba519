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

/** The groups of the training form; settings of evaluations stand beside their results. */
export const trainingGroups = (table: SettingTable, values: SettingValues) =>
  groupsOf(table, values).filter(({ rows }) => rows[0]![1].effect !== 'evaluation')

/** A closed group in one line: "Patch 4 px · Width 192 · Depth 6". */
export function digest({ rows }: SettingGroup, values: SettingValues): string {
  return rows
    .filter(([, row]) => !row.advanced)
    .slice(0, NAMED)
    .map(([key, row]) => `${row.label} ${formatSetting(row, values[key] ?? row.default)}`)
    .join(' · ')
}
