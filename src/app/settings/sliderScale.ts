import type { NumberRow } from '../../settings/rows.ts'

/** Positions of a logarithmic slider. */
const POSITIONS = 400
/** Digits of a value that a logarithmic slider gives; more can be typed. */
const DIGITS = 2
/** A linear slider with more steps than this is no use: nobody can hit a value. */
const MOST_STEPS = 20_000

/** How a slider shows the values of a row. */
export interface SliderScale {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly toPosition: (value: number) => number
  readonly toValue: (position: number) => number
}

/** The slider of a number row; null when a slider would be of no use (seeds). */
export function sliderScale(row: NumberRow): SliderScale | null {
  return row.scale === 'log' && row.min > 0 ? logScale(row) : linearScale(row)
}

function linearScale({ min, max, step, integer }: NumberRow): SliderScale | null {
  if ((max - min) / step > MOST_STEPS) return null
  const toValue = (position: number): number => {
    const value = min + Math.round((position - min) / step) * step
    // Adding steps leaves noise behind: 0.1 + 0.2.
    const clean = Number(value.toPrecision(12))
    return Math.min(Math.max(integer ? Math.round(clean) : clean, min), max)
  }
  return { min, max, step, toPosition: (value) => value, toValue }
}

function logScale({ min, max, integer }: NumberRow): SliderScale {
  const span = Math.log(max / min)
  const toPosition = (value: number): number => (POSITIONS * Math.log(value / min)) / span
  const toValue = (position: number): number => {
    if (position <= 0) return min
    if (position >= POSITIONS) return max
    const exact = min * Math.exp((span * position) / POSITIONS)
    const rounded = Number(exact.toPrecision(DIGITS))
    return Math.min(Math.max(integer ? Math.round(rounded) : rounded, min), max)
  }
  return { min: 0, max: POSITIONS, step: 1, toPosition, toValue }
}
