import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods, table } from './fixtures/methods.ts'
import { repairNotice, resolveSettings } from './parse.ts'
import { defaultsOf, type SettingRow, type SettingTable, type SettingValue } from './rows.ts'

const defaults = defaultsOf(table)
const { constraints } = methods[0]!

function isValid(row: SettingRow, value: SettingValue | undefined): boolean {
  switch (row.kind) {
    case 'number':
      return (
        typeof value === 'number' &&
        value >= row.min &&
        value <= row.max &&
        (!row.integer || Number.isInteger(value))
      )
    case 'choice':
      return row.options.some((option) => option.value === value)
    case 'toggle':
      return typeof value === 'boolean'
  }
}

const keys = fc.oneof(
  fc.constantFrom(...Object.keys(table), '__proto__', 'constructor', 'toString'),
  fc.string(),
)
const wishes = fc.dictionary(
  keys,
  fc.oneof(
    fc.anything(),
    fc.double(),
    fc.double().map(String),
    fc.constantFrom('on', 'OFF', '2k', '50000', '1e-3', ' 0.5 ', '', 'Infinity', '1e999'),
  ),
)

describe('resolveSettings', () => {
  it('gives all the defaults for no wish', () => {
    expect(resolveSettings(table, {})).toEqual({ values: defaults, notices: [] })
  })

  it('always gives full valid values, whatever is wanted on whatever base', () => {
    fc.assert(
      fc.property(
        wishes,
        wishes,
        fc.constantFrom(undefined, constraints),
        (wanted, base, rules) => {
          const { values } = resolveSettings(
            table,
            wanted,
            base as Record<string, SettingValue>,
            rules,
          )
          expect(Object.keys(values)).toEqual(Object.keys(table))
          for (const [key, row] of Object.entries<SettingRow>(table))
            expect(isValid(row, values[key]), key).toBe(true)
        },
      ),
    )
  })

  it('changes nothing when its result is resolved again', () => {
    fc.assert(
      fc.property(wishes, fc.constantFrom(undefined, constraints), (wanted, rules) => {
        const { values } = resolveSettings(table, wanted, {}, rules)
        expect(resolveSettings(table, values, {}, rules)).toEqual({ values, notices: [] })
      }),
    )
  })

  it('names every wish that is not met', () => {
    fc.assert(
      fc.property(wishes, (wanted) => {
        const { notices } = resolveSettings(table, wanted)
        const named = new Set(notices.map(({ key }) => key))
        for (const [key, wish] of Object.entries(wanted)) {
          const row = Object.hasOwn(table, key) ? (table as SettingTable)[key] : undefined
          if (!row) expect(named).toContain(key)
          else if (isValid(row, wish as SettingValue)) expect(named).not.toContain(key)
        }
        expect(notices.length).toBe(named.size)
      }),
    )
  })

  it.each<[string, unknown, SettingValue]>([
    ['ratio', '0.25', 0.25],
    ['ratio', ' 2.5e-1 ', 0.25],
    ['ratio', '.25', 0.25],
    ['ratio', '+0', 0],
    ['rate', '1e-3', 1e-3],
    ['width', '16', 16],
    ['width', '1.6e1', 16],
    ['size', '2000', '2000'],
    ['size', 2000, '2000'],
    ['size', '2K', '2000'],
    ['bias', 'false', false],
    ['bias', 'Off', false],
    ['bias', 'no', false],
    ['bias', '0', false],
    ['bias', 0, false],
  ])('understands %s = %j', (key, wish, value) => {
    expect(resolveSettings(table, { [key]: wish })).toEqual({
      values: { ...defaults, [key]: value },
      notices: [],
    })
  })

  it.each<[string, unknown, SettingValue, string]>([
    ['ratio', '1.5', 0.95, 'Mask ratio: “1.5” is above 0.95; using 0.95 instead.'],
    ['ratio', -1, 0, 'Mask ratio: “-1” is below 0; using 0 instead.'],
    ['ratio', 'most', 0.6, 'Mask ratio: “most” is not a number; using 0.6 instead.'],
    ['ratio', '', 0.6, 'Mask ratio: “” is not a number; using 0.6 instead.'],
    ['ratio', '0x1', 0.6, 'Mask ratio: “0x1” is not a number; using 0.6 instead.'],
    ['ratio', null, 0.6, 'Mask ratio: “null” is not a number; using 0.6 instead.'],
    ['ratio', [0.5], 0.6, 'Mask ratio: “a list” is not a number; using 0.6 instead.'],
    ['ratio', NaN, 0.6, 'Mask ratio: “NaN” is not a number; using 0.6 instead.'],
    ['ratio', Infinity, 0.95, 'Mask ratio: “Infinity” is above 0.95; using 0.95 instead.'],
    ['ratio', '1e999', 0.95, 'Mask ratio: “1e999” is above 0.95; using 0.95 instead.'],
    ['width', '7.6', 8, 'Width: “7.6” is not a whole number; using 8 channels instead.'],
    ['width', '-0.2', 0, 'Width: “-0.2” is not a whole number; using 0 channels instead.'],
    ['width', 5000, 4000, 'Width: “5000” is above 4,000; using 4,000 channels instead.'],
    ['size', '10k', '50000', 'Images: “10k” is not one of 2000, 50000; using 50k instead.'],
    ['bias', 'maybe', true, 'Bias: “maybe” is neither on nor off; using on instead.'],
    ['bias', 2, true, 'Bias: “2” is neither on nor off; using on instead.'],
  ])('replaces %s = %j by the nearest valid value and says so', (key, wish, value, text) => {
    const { values, notices } = resolveSettings(table, { [key]: wish })
    expect(values).toEqual({ ...defaults, [key]: value })
    expect(notices).toEqual([
      expect.objectContaining({ key, label: (table as SettingTable)[key]?.label, text }),
    ])
  })

  it('ignores what it does not know, and guesses what was meant', () => {
    const { values, notices } = resolveSettings(table, { 'Ra-Tio': 1, colour: { a: 1 } })
    expect(values).toEqual(defaults)
    expect(notices).toEqual([
      {
        key: 'Ra-Tio',
        label: null,
        given: '1',
        used: null,
        text: 'There is no setting “Ra-Tio”; it is ignored. Did you mean “ratio”?',
      },
      {
        key: 'colour',
        label: null,
        given: 'an object',
        used: null,
        text: 'There is no setting “colour”; it is ignored.',
      },
    ])
  })

  it('builds on the base and falls back to it', () => {
    const base = { ...defaults, ratio: 0.3, size: '2000' }
    const { values } = resolveSettings(table, { width: 8, ratio: 'x', size: 'y' }, base)
    expect(values).toEqual({ ...base, width: 8 })
  })

  it('repairs values that do not fit together', () => {
    const { values, notices } = resolveSettings(table, { heads: 5 }, {}, constraints)
    expect(values.heads).toBe(4)
    expect(notices.map(({ text }) => text)).toEqual([
      'Heads: 5 does not divide the width 12; using 4 instead.',
    ])
  })

  it('does not believe a rule that returns nonsense', () => {
    const { values } = resolveSettings(table, { ratio: 0.5 }, {}, () => ({
      values: { ratio: 7, width: 'wide' },
      notices: [],
    }))
    expect(values).toEqual({ ...defaults, ratio: 0.95 })
  })

  it('keeps the text of a notice short', () => {
    const { notices } = resolveSettings(table, { ratio: 'x'.repeat(10_000) })
    expect(notices[0]!.text.length).toBeLessThan(120)
  })

  it('names a repaired key that has no row by itself', () => {
    expect(repairNotice(table, 'depth', 1, 2, 'is odd')).toMatchObject({
      label: null,
      text: 'depth: 1 is odd; using 2 instead.',
    })
  })
})
