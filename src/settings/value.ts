import { formatNumber } from './format.ts'
import type { ChoiceRow, NumberRow, SettingRow, SettingValue } from './rows.ts'

/** A wish read by a row: the value to use, and why it is not the wish itself (null when it is). */
export interface Reading {
  readonly value: SettingValue
  readonly problem: string | null
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const TRUE_WORDS = new Set(['true', 'on', 'yes', '1'])
const FALSE_WORDS = new Set(['false', 'off', 'no', '0'])

/**
 * Reads anything as the value of a row. Text from addresses and command lines is understood ("0.6", "1e-3", "on");
 * numbers are clamped to the range and integers rounded; what cannot be read at all becomes `fallback`, which must be
 * valid for the row. Never throws.
 */
export function readValue(row: SettingRow, wish: unknown, fallback: SettingValue): Reading {
  switch (row.kind) {
    case 'number':
      return readNumber(row, wish, fallback)
    case 'choice':
      return readChoice(row, wish, fallback)
    case 'toggle':
      return readToggle(wish, fallback)
  }
}

function readNumber(row: NumberRow, wish: unknown, fallback: SettingValue): Reading {
  const number = toNumber(wish)
  if (Number.isNaN(number))
    return { value: fallback, problem: row.integer ? 'is not a whole number' : 'is not a number' }
  const { min, max } = row
  if (number < min) return { value: min, problem: `is below ${formatNumber(min)}` }
  if (number > max) return { value: max, problem: `is above ${formatNumber(max)}` }
  // `+ 0` turns -0 into 0: one value, one text.
  if (!row.integer || Number.isInteger(number)) return { value: number + 0, problem: null }
  return { value: Math.round(number) + 0, problem: 'is not a whole number' }
}

function toNumber(wish: unknown): number {
  if (typeof wish === 'number') return wish
  if (typeof wish === 'string' && DECIMAL.test(wish.trim())) return Number(wish)
  return NaN
}

function readChoice(row: ChoiceRow, wish: unknown, fallback: SettingValue): Reading {
  const text = typeof wish === 'string' || typeof wish === 'number' ? String(wish).trim() : null
  const same = (other: string) => other.toLowerCase() === text?.toLowerCase()
  const option =
    row.options.find(({ value }) => value === text) ??
    row.options.find(({ value }) => same(value)) ??
    row.options.find(({ label }) => same(label))
  if (option) return { value: option.value, problem: null }
  const names = row.options.map(({ value }) => value).join(', ')
  return { value: fallback, problem: `is not one of ${names}` }
}

function readToggle(wish: unknown, fallback: SettingValue): Reading {
  if (typeof wish === 'boolean') return { value: wish, problem: null }
  const word = typeof wish === 'string' || typeof wish === 'number' ? String(wish).trim() : ''
  if (TRUE_WORDS.has(word.toLowerCase())) return { value: true, problem: null }
  if (FALSE_WORDS.has(word.toLowerCase())) return { value: false, problem: null }
  return { value: fallback, problem: 'is neither on nor off' }
}
