import type { SettingRow, SettingValue } from './rows.ts'

/** Digits that a person can use; slider steps leave noise behind them (0.1 + 0.2). */
const SIGNIFICANT_DIGITS = 6
/** Below this a number is written as 1e-4 instead of a row of noughts. */
const SMALL = 1e-3
/** From here on a number is written as 1e+15 instead of a long row of digits. */
const LARGE = 1e15

/** A number for people: 20,000 · 0.75 · 1e-5. */
export function formatNumber(value: number): string {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS))
  const size = Math.abs(rounded)
  if (!Number.isFinite(rounded) || size >= LARGE || (size > 0 && size < SMALL))
    return String(rounded === 0 || !Number.isFinite(rounded) ? rounded : rounded.toExponential())
  const [whole = '', fraction] = String(rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/**
 * A setting's value for people: "128 images", "1e-5", "on", "50k". A value that does not belong to the row (from a
 * foreign file) is shown as it is.
 */
export function formatSetting(row: SettingRow, value: SettingValue): string {
  if (row.kind === 'number' && typeof value === 'number')
    return row.unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${row.unit}`
  if (row.kind === 'toggle' && typeof value === 'boolean') return value ? 'on' : 'off'
  if (row.kind === 'choice')
    return row.options.find((option) => option.value === value)?.label ?? String(value)
  return String(value)
}
