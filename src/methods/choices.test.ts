import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress, writeAddress } from '../settings/address.ts'
import { followed, leadingChoices } from '../settings/defaults.ts'
import { toy } from '../settings/fixtures/choices.ts'
import { resolveSettings } from '../settings/parse.ts'
import type { SettingRow, SettingTable, SettingValue, SettingValues } from '../settings/rows.ts'
import { presetValues, type MethodSettings } from '../settings/selection.ts'
import { readValue } from '../settings/value.ts'
import { methods } from './registry.ts'

/** Any value of a row, those that options give as defaults among them. */
const anyOf = (key: string, row: SettingRow, leaders: SettingTable): fc.Arbitrary<SettingValue> => {
  const own = Object.values(leaders).flatMap((leader) =>
    leader.kind === 'choice' ? leader.options.map(({ defaults }) => defaults?.[key]) : [],
  )
  const known = fc.constantFrom(row.default, ...own.filter((value) => value !== undefined))
  if (row.kind === 'toggle') return fc.boolean()
  if (row.kind === 'choice') return fc.constantFrom(...row.options.map(({ value }) => value))
  const number = row.integer
    ? fc.integer({ min: row.min, max: row.max })
    : fc.double({ min: row.min, max: row.max, noNaN: true }).map((value) => value + 0)
  return fc.oneof(known, number)
}

/** Wishes of some settings of a method, in any order; its leading choices are among them more often than not. */
const wishesOf = ({ table: rows }: MethodSettings): fc.Arbitrary<SettingValues> => {
  const leaders = Object.fromEntries(leadingChoices(rows))
  const some = fc.record(
    Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, anyOf(key, row, leaders)])),
    { requiredKeys: Object.keys(leaders) },
  )
  return fc
    .tuple(some, fc.subarray(Object.keys(rows)), fc.boolean())
    .map(([values, left, backwards]) => {
      const kept = Object.entries(values).filter(([key]) => !left.includes(key))
      return Object.fromEntries(backwards ? kept.reverse() : kept)
    })
}

const all: readonly MethodSettings[] = [toy, ...methods]

describe.each(all.map((method) => [method.id, method] as const))('%s', (_, method) => {
  const presets = fc.constantFrom(...Object.keys(method.presets))
  const read = (query: string) => parseAddress(query, [method])

  test('an address is read back as the same selection', () => {
    fc.assert(
      fc.property(wishesOf(method), presets, (wanted, preset) => {
        const base = presetValues(method, preset)
        const { values } = resolveSettings(method.table, wanted, base, method.constraints)
        const selection = { method: method.id, preset, values }
        expect(read(writeAddress(selection, method))).toEqual({ ...selection, notices: [] })
      }),
      { numRuns: 60 },
    )
  })

  test('a wish means the same in any order, and once it is met changes nothing more', () => {
    fc.assert(
      fc.property(wishesOf(method), presets, (wanted, preset) => {
        const base = presetValues(method, preset)
        const resolve = (wish: SettingValues, on: SettingValues) =>
          resolveSettings(method.table, wish, on, method.constraints).values
        const values = resolve(wanted, base)
        expect(resolve(Object.fromEntries(Object.entries(wanted).reverse()), base)).toEqual(values)
        expect(resolve({}, values)).toEqual(values)
        expect(resolve(values, base)).toEqual(values)
      }),
      { numRuns: 60 },
    )
  })

  test('what follows a choice goes there and back', () => {
    for (const [key, { options }] of leadingChoices(method.table))
      for (const { value } of options) {
        const base = presetValues(method, 'small')
        const there = followed(method.table, base, { [key]: value })
        expect(followed(method.table, there, { [key]: base[key]! })).toEqual(base)
      }
  })

  test('defaults of an option are valid values of settings that lead nothing themselves', () => {
    const leaders = new Map(leadingChoices(method.table))
    for (const [leader, { options }] of leaders)
      for (const { defaults = {} } of options)
        for (const [key, value] of Object.entries(defaults)) {
          const row = method.table[key]
          expect(row, `${leader}: ${key}`).toBeDefined()
          expect(leaders.has(key)).toBe(false)
          expect(readValue(row!, value, row!.default)).toEqual({ value, problem: null })
        }
  })
})
