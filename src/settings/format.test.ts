import { describe, expect, it } from 'vitest'
import { table } from './fixtures/methods.ts'
import { formatNumber, formatSetting } from './format.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    [0.75, '0.75'],
    [0.9999, '0.9999'],
    [0.001, '0.001'],
    [0.0001, '1e-4'],
    [3.2e-7, '3.2e-7'],
    [999, '999'],
    [20_000, '20,000'],
    [4_294_967_295, '4,294,967,295'],
    [-1234.5, '-1,234.5'],
    [1e15, '1e+15'],
    [Infinity, 'Infinity'],
    [NaN, 'NaN'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })
})

describe('formatSetting', () => {
  it('adds the unit, names the option, says on and off', () => {
    expect(formatSetting(table.width, 1200)).toBe('1,200 channels')
    expect(formatSetting(table.ratio, 0.5)).toBe('0.5')
    expect(formatSetting(table.size, '2000')).toBe('2k')
    expect(formatSetting(table.bias, false)).toBe('off')
    expect(formatSetting(table.bias, true)).toBe('on')
  })

  it('shows a value of another kind as it is', () => {
    expect(formatSetting(table.size, '7')).toBe('7')
    expect(formatSetting(table.width, 'wide')).toBe('wide')
    expect(formatSetting(table.bias, 1)).toBe('1')
  })
})
