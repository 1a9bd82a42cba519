import { defaultText } from './defaults.ts'
import { formatNumber, formatSetting } from './format.ts'
import {
  conditionsOf,
  type Effect,
  type Provenance,
  type SettingRow,
  type SettingTable,
} from './rows.ts'

const EFFECTS: Readonly<Record<Effect, string>> = {
  live: 'at the next step',
  recording: 'at the next step, after a short rebuild',
  restart: 'with a new run',
  evaluation: 'at the next evaluation',
}

const PROVENANCES: Readonly<Record<Provenance, string>> = {
  paper: 'the paper',
  code: 'the official code',
  browser: 'chosen for the browser',
  own: 'our own design',
  gap: 'our choice: the paper’s text is silent',
}

const COLUMNS = [
  'Setting',
  'Key',
  'Default',
  'Range',
  'Takes effect',
  'Default from',
  'What it does',
]

/**
 * The table as Markdown for the documentation: a heading and a table for each group, in the table's order. Settings that
 * depend on one that the table does not have are never used, and left out.
 */
export function settingsMarkdown(table: SettingTable, headingLevel = 3): string {
  const groups = new Map<string, string[]>()
  for (const [key, row] of Object.entries(table))
    if (conditionsOf(row).every((condition) => condition.key in table))
      groups.set(row.group, [...(groups.get(row.group) ?? []), rowMarkdown(table, key, row)])
  const head = [line(COLUMNS), line(COLUMNS.map(() => '---'))]
  return [...groups]
    .map(([group, rows]) =>
      [`${'#'.repeat(headingLevel)} ${escape(group)}`, '', ...head, ...rows, ''].join('\n'),
    )
    .join('\n')
}

function rowMarkdown(table: SettingTable, key: string, row: SettingRow): string {
  return line([
    escape(row.label),
    `\`${key}\``,
    escape(defaultText(table, key, row)),
    escape(rangeOf(row)),
    EFFECTS[row.effect],
    PROVENANCES[row.provenance],
    escape(row.help + conditionOf(table, row)),
  ])
}

function rangeOf(row: SettingRow): string {
  switch (row.kind) {
    case 'number':
      return `${formatNumber(row.min)} to ${formatNumber(row.max)}`
    case 'choice':
      return row.options
        .map(({ value, label }) => (label === value ? value : `${value} (${label})`))
        .join(', ')
    case 'toggle':
      return 'on, off'
  }
}

function conditionOf(table: SettingTable, row: SettingRow): string {
  const clauses = conditionsOf(row).flatMap(({ key, is }) => {
    const on = table[key]
    if (!on) return []
    return [`${on.label} is ${is.map((value) => formatSetting(on, value)).join(' or ')}`]
  })
  return clauses.length === 0 ? '' : ` Used only while ${clauses.join(' and ')}.`
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Text that stays text inside a Markdown table. */
function escape(text: string): string {
  return text.replace(/[\\|*_<`[\]]/g, '\\$&').replace(/\s*\n\s*/g, ' ')
}
