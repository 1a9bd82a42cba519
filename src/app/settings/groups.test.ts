import { expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { digest, groupsOf } from './groups.ts'

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
