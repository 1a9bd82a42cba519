import { formatPlace, formatValue } from './axes.ts'
import { FRAME, placesOf, type ChartProps } from './Chart.tsx'
import classes from './charts.module.css'
import { LEVEL_DASH } from './levels.ts'
import { nearestPoint, rangeOf, type Point } from './points.ts'
import { Swatch } from './Swatch.tsx'

interface ChartReadoutProps extends ChartProps {
  readonly width: number
  /** The pointer, in pixels from the left of the chart. */
  readonly pointer: number
}

/** Marks so near to the pointer, or to the values under it, are read out with the values; in pixels. */
const NEAR = 6

/** The values under the pointer, and the setting that was changed there, if any. */
export function ChartReadout(props: ChartReadoutProps) {
  const { points, lines, levels = [], marks, axis, width, pointer, format = formatValue } = props
  const { place = (x: number) => formatPlace(x, axis) } = props
  const [start, end] = placesOf(props).domain
  const pixels = (width - FRAME.left - FRAME.right) / (end - start)
  const point = nearestPoint(points, start + (pointer - FRAME.left) / pixels)
  if (!point) return null
  const toPixels = (x: number): number => FRAME.left + (x - start) * pixels
  const left = toPixels(point.x)
  const near = marks.filter(({ x }) =>
    [left, pointer].some((pixel) => Math.abs(toPixels(x) - pixel) <= NEAR),
  )
  // In the corner away from the pointer: beside it there is not always room.
  const isRight = left > (FRAME.left + width - FRAME.right) / 2
  return (
    <>
      <div className={classes.cursor} style={{ left }} />
      <div
        className={classes.readout}
        style={isRight ? { left: FRAME.left } : { right: FRAME.right }}
      >
        <strong>{place(point.x)}</strong>
        {lines.map((line) => (
          <div key={line.key}>
            <Swatch {...line} />
            {line.label} <b>{valueText(point[line.key], format)}</b>{' '}
            <span>{rangeText(point[rangeOf(line.key)], format)}</span>
          </div>
        ))}
        {levels.map(({ label }) => (
          <div key={label}>
            <Swatch colour="var(--mantine-color-dimmed)" dash={LEVEL_DASH} />
            {label}
          </div>
        ))}
        {near.map(({ text }) => (
          <div key={text} className={classes.change}>
            {text}
          </div>
        ))}
      </div>
    </>
  )
}

type Format = (value: number) => string

const valueText = (value: Point[string] | undefined, format: Format): string =>
  typeof value === 'number' ? format(value) : '–'

const rangeText = (range: Point[string] | undefined, format: Format): string =>
  typeof range === 'object' && range && range[0] !== range[1]
    ? `(${format(range[0])} to ${format(range[1])})`
    : ''
