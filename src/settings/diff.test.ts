import { describe, expect, it } from 'vitest'
import { diffSettings, diffText } from './diff.ts'
import { table } from './fixtures/methods.ts'
import { defaultsOf, type SettingValues } from './rows.ts'

const defaults = defaultsOf(table)
const textOf = (changed: SettingValues, shown?: number) =>
  diffText(table, diffSettings(table, defaults, { ...defaults, ...changed }), shown)

describe('diffSettings', () => {
  it('lists what differs, in the order of the table', () => {
    expect(diffSettings(table, defaults, { ...defaults, bias: false, ratio: 0.75 })).toEqual([
      { key: 'ratio', label: 'Mask ratio', from: 0.6, to: 0.75 },
      { key: 'bias', label: 'Bias', from: true, to: false },
    ])
  })

  it('takes the default for a key that is not there', () => {
    expect(diffSettings(table, {}, defaults)).toEqual([])
    expect(diffSettings(table, { ratio: 0.1 }, {})).toHaveLength(1)
  })
})

describe('diffText', () => {
  it('is short', () => {
    expect(textOf({})).toBe('no difference')
    expect(textOf({ ratio: 0.75 })).toBe('Mask ratio 0.6 → 0.75')
    expect(textOf({ ratio: 0.75, size: '2000', bias: false })).toBe(
      'Mask ratio 0.6 → 0.75, +2 more',
    )
    expect(textOf({ width: 24, size: '2000', bias: false }, 2)).toBe(
      'Width 12 → 24 channels, Images 50k → 2k, +1 more',
    )
  })

  it('writes out values that differ in the last digits only', () => {
    expect(textOf({ ratio: 0.6 + 1e-9 })).toBe('Mask ratio 0.6 → 0.600000001')
  })
})
