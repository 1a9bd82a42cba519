import { useElementSize } from '@mantine/hooks'
import { memo, useState, type PointerEvent } from 'react'
import { Line, LineChart, XAxis, YAxis } from 'recharts'
import type { ChartAxis } from '../../store/preferences.ts'
import { formatTick, formatValueTick, placeScale, valueScale } from './axes.ts'
import { ChartGround } from './ChartGround.tsx'
import { ChartReadout } from './ChartReadout.tsx'
import classes from './charts.module.css'
import { rangeOfValues, type Point } from './points.ts'

/** A line of a chart. */
export interface ChartLine {
  readonly key: string
  readonly label: string
  readonly colour: string
}

/** A live change of a setting: where, and what is said about it. */
export interface ChartMark {
  readonly x: number
  readonly text: string
}

/** A value to compare with, as a line from side to side. */
export interface ChartLevel {
  readonly value: number
  readonly label: string
  /** Where the label stands, so that labels of two levels that are near each other do not meet. */
  readonly side: 'above' | 'below'
}

export interface ChartProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string
  readonly points: readonly Point[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly axis: ChartAxis
  readonly logScale: boolean
  /** Fewer ticks. */
  readonly small?: boolean
  readonly levels?: readonly ChartLevel[]
  /** First and last place on the horizontal axis; those of the points where it is absent. */
  readonly span?: readonly [number, number]
  /** Few points that stand for themselves: each is seen. */
  readonly dots?: boolean
  /** How values are read out. */
  readonly format?: (value: number) => string
}

/** The horizontal axis of a chart. */
export const placesOf = ({ points, span, axis }: Pick<ChartProps, 'points' | 'span' | 'axis'>) =>
  placeScale(...(span ?? [points[0]?.x ?? 0, points.at(-1)?.x ?? 1]), axis)

/** Pixels around the plot: fixed, so that a place on the screen is a place on the axis. */
export const FRAME = { top: 6, right: 10, bottom: 20, left: 54 } as const

/** Lines over time; the values under the pointer are read out. */
export function Chart(props: ChartProps) {
  const { ref, width, height } = useElementSize()
  const [pointer, setPointer] = useState<number | null>(null)
  const onPointerMove = ({ clientX, currentTarget }: PointerEvent): void =>
    setPointer(clientX - currentTarget.getBoundingClientRect().left)
  return (
    <figure
      ref={ref}
      className={classes.figure}
      aria-label={props.label}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setPointer(null)}
    >
      {width > 0 && <Plot {...props} width={width} height={height} />}
      {pointer !== null && <ChartReadout {...props} width={width} pointer={pointer} />}
    </figure>
  )
}

interface PlotProps extends ChartProps {
  readonly width: number
  readonly height: number
}

const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' }
const NO_LEVELS: readonly ChartLevel[] = []
const MARGIN = { top: FRAME.top, right: FRAME.right, bottom: 0, left: 0 }

/** Drawn anew only when the points change, not while the pointer moves. Never animated: that would lag behind training. */
const Plot = memo(function Plot(props: PlotProps) {
  const { points, lines, marks, axis, logScale, small = false, width, height } = props
  const { levels = NO_LEVELS, dots = false } = props
  const keys = lines.map(({ key }) => key)
  const places = placesOf(props)
  const [low, high] = rangeOfValues(points, keys)
  const heights = levels.map(({ value }) => value)
  const range = [Math.min(low, ...heights), Math.max(high, ...heights)] as const
  const values = valueScale(...range, logScale, small ? 2 : 5)
  return (
    <LineChart
      width={width}
      height={height}
      data={points}
      margin={MARGIN}
      accessibilityLayer={false}
    >
      <XAxis
        dataKey="x"
        type="number"
        domain={places.domain}
        ticks={places.ticks}
        height={FRAME.bottom}
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: 'var(--line)' }}
        minTickGap={24}
        tickFormatter={(value: number) => formatTick(value, axis)}
      />
      <YAxis
        width={FRAME.left}
        scale={logScale ? 'log' : 'linear'}
        domain={values.domain}
        ticks={values.ticks}
        interval={0}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        tickFormatter={(value: number) => formatValueTick(value, values.ticks)}
      />
      <ChartGround
        points={points}
        lines={lines}
        marks={marks}
        levels={levels}
        ticks={values.ticks}
      />
      {lines.map(({ key, colour }) => (
        <Line
          key={key}
          dataKey={key}
          type="linear"
          stroke={colour}
          strokeWidth={1.75}
          dot={dots ? { r: 2, fill: colour } : points.length === 1}
          isAnimationActive={false}
          activeDot={false}
        />
      ))}
    </LineChart>
  )
})
