import type { MetricDescription } from '../../methods/description.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { formatValue } from './axes.ts'
import type { ChartLevel } from './Chart.tsx'

/** Dashes of a line that is compared with, as SVG wants them. */
export const LEVEL_DASH = '2 3'

/** What these metrics are compared with under the settings, each once: "Zero prediction 0.979". */
export function levelsOf(
  metrics: readonly MetricDescription[],
  settings: SettingValues,
): readonly ChartLevel[] {
  const levels = new Map<string, ChartLevel>()
  for (const { reference } of metrics) {
    const found = reference?.(settings)
    if (!found) continue
    const label = `${found.label} ${formatValue(found.value)}`
    levels.set(label, { value: found.value, label, side: 'above' })
  }
  return [...levels.values()]
}

/** How far outside a chart's values a level may lie to be drawn, as a share of their spread: others would flatten them. */
const NEAR = 0.5
/** The spread of values that are all alike, as a share of the values. */
const ALIKE = 0.05

/** Where a level lies: among the values of a chart or near them, so that it is drawn, or above or below. */
export type LevelPlace = 'near' | 'above' | 'below'

/** Where a level lies by the least and the greatest value of a chart. */
export function placeOf(
  value: number,
  [low, high]: readonly [number, number],
  logScale: boolean,
): LevelPlace {
  const scale = logScale ? Math.log : (each: number): number => each
  const [from, to, at] = [scale(low), scale(high), scale(value)]
  const room = NEAR * Math.max(to - from, ALIKE * Math.max(Math.abs(from), Math.abs(to)))
  if (at >= from - room && at <= to + room) return 'near'
  return at > to ? 'above' : 'below'
}
