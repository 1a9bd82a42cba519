import { rangeOf, type Point } from './points.ts'
import type { ChartAxis } from '../../store/preferences.ts'
import { formatPlace, formatValue } from './axes.ts'
import type { ChartLine, ChartMark } from './Chart.tsx'
import classes from './charts.module.css'

interface ChartTooltipProps {
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly axis: ChartAxis
  /** Given by the chart. */
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: Point }[]
}

/** The values under the pointer, and the setting that was changed there, if any. */
export function ChartTooltip({ lines, marks, axis, active, payload }: ChartTooltipProps) {
  const point = payload?.[0]?.payload
  if (!active || !point) return null
  const near = marks.filter(({ x }) => Math.abs(x - point.x) <= Math.abs(point.x) * 0.01)
  return (
    <div className={classes.tooltip}>
      <strong>{formatPlace(point.x, axis)}</strong>
      {lines.map(({ key, label, colour }) => (
        <div key={key}>
          <span className={classes.swatch} style={{ background: colour }} />
          {label} <b>{valueText(point[key])}</b> <span>{rangeText(point[rangeOf(key)])}</span>
        </div>
      ))}
      {near.map(({ text }) => (
        <div key={text} className={classes.change}>
          {text}
        </div>
      ))}
    </div>
  )
}

const valueText = (value: Point[string] | undefined): string =>
  typeof value === 'number' ? formatValue(value) : '–'

const rangeText = (range: Point[string] | undefined): string =>
  typeof range === 'object' && range && range[0] !== range[1]
    ? `(${formatValue(range[0])} to ${formatValue(range[1])})`
    : ''
