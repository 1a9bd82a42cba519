import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import type { ChartLevel, ChartLine, ChartMark, ChartSpot } from './Chart.tsx'
import classes from './charts.module.css'
import { rangeOf, type Point } from './points.ts'

interface ChartGroundProps {
  readonly points: readonly Point[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly levels: readonly ChartLevel[]
  readonly spots: readonly ChartSpot[]
  /** Of the vertical axis. */
  readonly ticks: readonly number[]
  /** Ranges are bars. */
  readonly bars: boolean
}

/** What lies behind the lines: the grid, the range of the raw values, marks of live changes and levels. */
export function ChartGround(props: ChartGroundProps) {
  const { points, lines, marks, levels, spots, ticks, bars } = props
  const toX = useXAxisScale()
  const toY = useYAxisScale()
  const area = usePlotArea()
  if (!toX || !toY || !area) return null
  const { x: left, y: top, width, height } = area
  return (
    <g>
      {ticks.map((tick) => (
        <line
          key={tick}
          x1={left}
          x2={left + width}
          y1={toY(tick)}
          y2={toY(tick)}
          stroke="var(--line)"
        />
      ))}
      {lines.map(({ key, colour }) =>
        bars ? (
          <path key={key} d={barsPath(points, key, toX, toY)} stroke={colour} fill="none" />
        ) : (
          <path
            key={key}
            d={bandPath(points, key, toX, toY)}
            fill={colour}
            fillOpacity={0.13}
            stroke={colour}
            strokeOpacity={0.3}
          />
        ),
      )}
      {marks.map(({ x, text }) => (
        <line
          key={`${x} ${text}`}
          x1={toX(x)}
          x2={toX(x)}
          y1={top}
          y2={top + height}
          stroke="var(--pending)"
          data-testid="chart-mark"
          strokeDasharray="3 3"
        />
      ))}
      {levels.map((level) => (
        <Level key={level.label} level={level} y={toY(level.value) ?? 0} area={area} />
      ))}
      {spots.map((spot) => (
        <Spot key={`${spot.colour} ${spot.x} ${spot.y}`} spot={spot} toX={toX} toY={toY} />
      ))}
    </g>
  )
}

/** Room that a label needs above or below its line, in pixels. */
const LABEL_HEIGHT = 12

interface LevelProps {
  readonly level: ChartLevel
  readonly y: number
  readonly area: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }
}

/** A line from side to side with its label, which changes sides where the plot ends. */
function Level({ level: { label, side }, y, area }: LevelProps) {
  const fitsAbove = y - LABEL_HEIGHT >= area.y
  const fitsBelow = y + LABEL_HEIGHT <= area.y + area.height
  const isAbove = side === 'above' ? fitsAbove || !fitsBelow : !fitsBelow
  const right = area.x + area.width
  return (
    <g className={classes.level}>
      <line x1={area.x} x2={right} y1={y} y2={y} />
      <text x={right - 2} y={isAbove ? y - 4 : y + LABEL_HEIGHT - 1} textAnchor="end">
        {label}
      </text>
    </g>
  )
}

interface SpotProps {
  readonly spot: ChartSpot
  readonly toX: ToPixels
  readonly toY: ToPixels
}

/** A disc on a line, or a ring with its word above. */
function Spot({ spot: { x, y, colour, text }, toX, toY }: SpotProps) {
  const at = { cx: toX(x) ?? 0, cy: toY(y) ?? 0 }
  if (text === undefined) return <circle {...at} r={2} fill={colour} />
  return (
    <g className={classes.spot} data-testid="chart-peak">
      <circle {...at} r={5} fill="none" stroke={colour} strokeWidth={1.5} />
      <text x={at.cx} y={at.cy - 9} fill={colour} textAnchor="middle">
        {text}
      </text>
    </g>
  )
}

type ToPixels = (value: number) => number | undefined

/** Half the width of the ends of a bar, in pixels. */
const CAP = 3

/** A bar with ends at every point that has a range. */
const barsPath = (points: readonly Point[], key: string, toX: ToPixels, toY: ToPixels): string =>
  points
    .map((point) => {
      const range = point[rangeOf(key)]
      const x = toX(point.x)
      if (typeof range !== 'object' || range === null || x === undefined) return ''
      const [low, high] = range.map((value) => (toY(value) ?? 0).toFixed(1))
      const end = `h${2 * CAP}`
      return `M${x - CAP},${low}${end}M${x - CAP},${high}${end}M${x},${low}V${high}`
    })
    .join('')

/** The outline of a metric's range: along the highest values and back along the lowest ones, piece by piece. */
function bandPath(points: readonly Point[], key: string, toX: ToPixels, toY: ToPixels): string {
  let path = ''
  let upper = ''
  let lower = ''
  const close = (): void => {
    if (upper !== '') path += `M${upper.slice(1)}${lower}Z`
    upper = lower = ''
  }
  for (const point of points) {
    const range = point[rangeOf(key)]
    const x = toX(point.x)
    if (typeof range !== 'object' || range === null || x === undefined) {
      close()
      continue
    }
    upper += `L${x.toFixed(1)},${(toY(range[1]) ?? 0).toFixed(1)}`
    lower = `L${x.toFixed(1)},${(toY(range[0]) ?? 0).toFixed(1)}${lower}`
  }
  close()
  return path
}
