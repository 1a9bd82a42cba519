import { expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import { formatSetting } from '../../settings/format.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { digest, groupsOf, plainRows, topChoices, trainingGroups } from './groups.ts'

const { table } = methods[0]!
const values = defaultsOf(table)

test('every row that holds is in exactly one group, in the order of the table', () => {
  const groups = groupsOf(table, values)
  const keys = groups.flatMap(({ rows }) => rows.map(([key]) => key))
  expect(new Set(keys).size).toBe(keys.length)
  expect(groups.map(({ name }) => name)).toEqual([
    ...new Set(Object.values(table).map(({ group }) => group)),
  ])
  for (const { name, rows } of groups) for (const [, row] of rows) expect(row.group).toBe(name)
})

test('rows that depend on another come and go with it', () => {
  const keysWith = (frequencyFocus: string) =>
    groupsOf(table, { ...values, frequencyFocus }).flatMap(({ rows }) => rows.map(([key]) => key))
  expect(keysWith('focal')).toContain('focusExponent')
  expect(keysWith('plain')).not.toContain('focusExponent')
})

test('a closed group says its main values', () => {
  const model = groupsOf(table, values).find(({ name }) => name === 'Model')!
  expect(digest(model, { ...values, width: 48 })).toBe('Patch 4 px · Width 48 · Depth 6 · Heads 6')
})

test('a group of rare settings alone says them', () => {
  const engine = groupsOf(table, values).find(({ rows }) => rows.every(([, row]) => row.advanced))!
  expect(plainRows(engine)).toEqual(engine.rows)
  const [key, row] = engine.rows[0]!
  expect(digest(engine, values)).toContain(`${row.label} ${formatSetting(row, values[key]!)}`)
})

test('a choice that one makes first stands above the groups, and in none of them', () => {
  const tops = topChoices(table).map(([key]) => key)
  expect(tops).toContain('architecture')
  const grouped = trainingGroups(table, values).flatMap(({ rows }) => rows.map(([key]) => key))
  for (const key of tops) expect(grouped).not.toContain(key)
})
