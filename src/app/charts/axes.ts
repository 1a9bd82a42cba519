import { formatNumber } from '../../settings/format.ts'
import type { ChartAxis } from '../../store/preferences.ts'
import { formatCount, formatSeconds } from '../format.ts'

/** The horizontal axes that one may choose. */
export const axisNames: Readonly<Record<ChartAxis, string>> = {
  step: 'Step',
  epoch: 'Epoch',
  seconds: 'Time',
}

/** A tick of the horizontal axis. */
export function formatTick(value: number, axis: ChartAxis): string {
  if (axis === 'seconds') return formatSeconds(value)
  return axis === 'step' ? formatCount(value) : formatNumber(Number(value.toFixed(2)))
}

/** A place on the horizontal axis in full: "Step 1,200". */
export function formatPlace(value: number, axis: ChartAxis): string {
  if (axis === 'seconds') return formatSeconds(value)
  return axis === 'step' ? `Step ${formatNumber(Math.round(value))}` : `Epoch ${value.toFixed(3)}`
}

/** A metric's value in few digits: "0.693", "1.2e-4", "12,300". */
export function formatValue(value: number): string {
  const size = Math.abs(value)
  if (size >= 1000) return formatNumber(Math.round(value))
  return formatNumber(Number(value.toPrecision(3)))
}

/** Seconds between ticks that people read easily: up to a minute, an hour, a day. */
const CLOCK = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
]
const MOST_TICKS = 5

/**
 * Round places for ticks from the first to the last point. The axis begins at 0 unless the run's charts begin late
 * (a run taken up from a file without its charts).
 */
export function niceTicks(first: number, last: number, axis: ChartAxis): number[] {
  const start = first > last / 2 && last > 2 * MOST_TICKS ? first : 0
  const least = Math.max((last - start) / MOST_TICKS, axis === 'step' ? 1 : 1e-3)
  const step =
    (axis === 'seconds' ? CLOCK.find((seconds) => seconds >= least) : null) ?? roundUp(least)
  const ticks = [start]
  for (let tick = (Math.floor(start / step) + 1) * step; tick <= last; tick += step)
    ticks.push(tick)
  return ticks
}

/** The next of 1, 2, 5, 10, 20, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find((digit) => digit * power >= value * 0.999_999) ?? 10) * power
}
