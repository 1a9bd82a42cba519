import type { TableAxis } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'
import { formatValueTick, valueScale, type Scale } from '../axes.ts'
import { columnScale, nearestColumn, type Mean } from './meansLayout.ts'
import classes from './tables.module.css'

/** One curve of means; dashed where `dash` says so. */
export interface Curve {
  readonly means: readonly Mean[]
  readonly colour: string
  readonly dash?: string
  readonly label: string
}

interface MeansPlotProps {
  readonly label: string
  readonly axis: TableAxis
  /** At least one, the last in front. */
  readonly curves: readonly Curve[]
  /** A value to compare with; null where there is none in or near the curves. */
  readonly level: number | null
  /** Both axes go from 0 to 1, with their diagonal as what to compare with. */
  readonly unit?: boolean
  /** A place that is marked. */
  readonly spot?: { readonly at: number; readonly mean: number }
  readonly width: number
  /** The column that is read out, by its place on the axis. */
  readonly pointed: number | null
  readonly onPoint?: (place: number | null) => void
}

const HEIGHT = 132
/** Height with both axes from 0 to 1. */
const UNIT_HEIGHT = 180
const UNIT: Scale = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] }
const FRAME = { top: 8, right: 12, bottom: 20, left: 54 } as const
/** With more columns than these their discs would hide the line. */
const MOST_DISCS = 40

/** Curves over the columns of a table. */
export function MeansPlot(props: MeansPlotProps) {
  const { label, axis, curves, level, unit = false, spot, width, pointed, onPoint } = props
  const height = unit ? UNIT_HEIGHT : HEIGHT
  const all = curves.flatMap(({ means }) => means)
  const values = all.map(({ mean }) => mean)
  const heights = level === null ? values : [...values, level]
  const vertical = unit ? UNIT : valueScale(Math.min(...heights), Math.max(...heights), false, 4)
  const horizontal = unit ? UNIT : columnScale(all, axis)
  const right = width - FRAME.right
  const bottom = height - FRAME.bottom
  const [from, to] = horizontal.domain
  const [low, high] = vertical.domain
  const x = (place: number) => FRAME.left + ((place - from) / (to - from)) * (right - FRAME.left)
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - FRAME.top)
  const placeAt = (pixels: number) =>
    from + ((pixels - FRAME.left) / (right - FRAME.left)) * (to - from)
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={label}
      onPointerMove={({ clientX, currentTarget }) => {
        const pixels = clientX - currentTarget.getBoundingClientRect().left
        onPoint?.(nearestColumn(all, placeAt(pixels))?.at ?? null)
      }}
      onPointerLeave={() => onPoint?.(null)}
    >
      {vertical.ticks.map((tick) => (
        <g key={tick}>
          <line x1={FRAME.left} x2={right} y1={y(tick)} y2={y(tick)} className={classes.rule} />
          <text x={FRAME.left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
            {formatValueTick(tick, vertical.ticks)}
          </text>
        </g>
      ))}
      {horizontal.ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={bottom + 15} textAnchor="middle" className={classes.tick}>
          {formatNumber(tick)}
        </text>
      ))}
      {level !== null && (
        <line x1={FRAME.left} x2={right} y1={y(level)} y2={y(level)} className={classes.level} />
      )}
      {unit && <line x1={x(0)} x2={x(1)} y1={y(0)} y2={y(1)} className={classes.level} />}
      {pointed !== null && (
        <line
          x1={x(pointed)}
          x2={x(pointed)}
          y1={FRAME.top}
          y2={bottom}
          className={classes.pointer}
        />
      )}
      {curves.map(({ means, colour, dash, label: name }) => (
        <g key={name} stroke={colour} fill={colour} opacity={dash ? 0.7 : 1}>
          <polyline
            points={means
              .map(({ at, mean }) => `${x(at).toFixed(1)},${y(mean).toFixed(1)}`)
              .join(' ')}
            fill="none"
            strokeWidth={dash ? 1.25 : 1.75}
            strokeDasharray={dash}
          />
          {!dash &&
            means.length <= MOST_DISCS &&
            means.map(({ at, mean }, place) => (
              <circle key={place} cx={x(at)} cy={y(mean)} r={2} />
            ))}
        </g>
      ))}
      {spot && <circle cx={x(spot.at)} cy={y(spot.mean)} r={4.5} className={classes.spot} />}
    </svg>
  )
}
