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
