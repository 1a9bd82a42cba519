import { formatNumber } from '../../settings/format.ts'
import type { ChartAxis } from '../../store/preferences.ts'
import { formatCount, formatSeconds } from '../format.ts'

/** What a horizontal axis may count: one of the person's choices, images, or a share from 0 to 1. */
export type PlaceAxis = ChartAxis | 'images' | 'share'

/** The horizontal axes that one may choose. */
export const axisNames: Readonly<Record<ChartAxis, string>> = {
  step: 'Step',
  epoch: 'Epoch',
  seconds: 'Time',
}

/** A tick of the horizontal axis. */
export function formatTick(value: number, axis: PlaceAxis): string {
  if (axis === 'seconds') return formatSeconds(value)
  return axis === 'step' || axis === 'images'
    ? formatCount(value)
    : formatNumber(Number(value.toFixed(2)))
}

/** A place on the horizontal axis in full: "Step 1,200". */
export function formatPlace(value: number, axis: PlaceAxis): string {
  if (axis === 'seconds') return formatSeconds(value)
  if (axis === 'step') return `Step ${formatNumber(Math.round(value))}`
  if (axis === 'images') return `${formatNumber(Math.round(value))} images`
  if (axis === 'share') return `${formatNumber(Number((100 * value).toFixed(1)))} %`
  return `Epoch ${Number.isInteger(value) ? value : value.toFixed(3)}`
}

/** A metric's value in few digits: "0.693", "1.2e-4", "12,300"; near 1 with those of what it lacks: "0.99872". */
export function formatValue(value: number): string {
  const size = Math.abs(value)
  if (size >= 1000) return formatNumber(Math.round(value))
  return formatNumber(Number(value.toPrecision(Math.max(3, digitsNearOne(size)))))
}

/** Digits with which a value just below 1, such as a momentum, tells three digits of its distance from 1. */
const digitsNearOne = (size: number): number =>
  size > 0.99 && size < 1 ? Math.min(Math.ceil(-Math.log10(1 - size)) + 2, MOST_DIGITS) : 0

/** More is noise in numbers of 32 bits. */
const MOST_DIGITS = 6

/** Below this a tick is written with an exponent, which is shorter. */
const SMALL_TICK = 0.01
/** Digits of a tick at most: more have no room. */
const TICK_DIGITS = 5

/** A tick of the vertical axis, with as many digits as tell it from its neighbours: "0.65", "2.705e-3". */
export function formatValueTick(value: number, ticks: readonly number[]): string {
  const size = Math.abs(value)
  const gap = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0))
  if (size === 0 || size >= 1000 || gap === 0) return formatValue(value)
  const needed = Math.ceil(Math.log10(size / gap)) + 1
  const rounded = Number(value.toPrecision(Math.min(Math.max(needed, 3), TICK_DIGITS)))
  return size < SMALL_TICK ? rounded.toExponential() : formatNumber(rounded)
}

/** Where an axis begins and ends, and where its ticks are. */
export interface Scale {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
}

/** Seconds between ticks that people read easily: up to a minute, an hour, a day. */
const CLOCK = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
]
const MOST_TICKS = 5
/** Values below this are nought to a chart. */
const TINY = 1e-100
/** A spread below this share of the values themselves is no spread: the digits of a tick could not tell it. */
const FLAT = 1e-5

/**
 * The horizontal axis for points from first to last. It begins at 0 unless the charts begin late (a run taken up from
 * a file without its charts).
 */
export function placeScale(first: number, last: number, axis: PlaceAxis): Scale {
  const start = first > last / 2 && last > 2 * MOST_TICKS ? first : 0
  const least = Math.max(
    (last - start) / MOST_TICKS,
    axis === 'step' || axis === 'images' ? 1 : 1e-3,
  )
  const clock = axis === 'seconds' ? CLOCK.find((seconds) => seconds >= least) : undefined
  const step = clock ?? roundUp(least)
  const ticks = [start]
  for (let tick = (Math.floor(start / step) + 1) * step; tick <= last; tick += step)
    ticks.push(tick)
  return { domain: [start, last], ticks }
}

/** The vertical axis for values from low to high, with about `count` round ticks. */
export function valueScale(low: number, high: number, logScale: boolean, count: number): Scale {
  if (!(low <= high)) return { domain: [0, 1], ticks: [0, 1] }
  return logScale && low > 0 ? logarithmic(low, high) : linear(low, high, count)
}

function linear(low: number, high: number, count: number): Scale {
  const size = Math.max(Math.abs(low), Math.abs(high), TINY)
  // A line that is flat, as far as ticks can tell, gets an axis of its own size.
  const spread = high - low > size * FLAT ? high - low : size > TINY ? size : 1
  const step = roundUp(spread / count)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step))
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks }
}

/** Powers of ten, with their double and fivefold where there are few. */
function logarithmic(low: number, high: number): Scale {
  const from = Math.floor(Math.log10(low))
  const to = Math.ceil(Math.log10(high) + 1e-9)
  const digits = to - from <= 2 ? [1, 2, 5] : [1]
  const candidates: number[] = []
  for (let power = from; power <= to; power++)
    for (const digit of digits) candidates.push(tidy(digit * 10 ** power))
  const below = candidates.findLast((tick) => tick <= low) ?? low
  const above = candidates.find((tick) => tick >= high && tick > below) ?? high
  return {
    domain: [below, above],
    ticks: candidates.filter((tick) => tick >= below && tick <= above),
  }
}

/** The next of 1, 2, 5, 10, 20, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return tidy(([1, 2, 5].find((digit) => digit * power >= value * 0.999_999) ?? 10) * power)
}

/** Without the noise of multiplying: 0.3 instead of 0.30000000000000004. */
const tidy = (value: number): number => Number(value.toPrecision(12))
