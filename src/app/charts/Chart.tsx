import { memo } from 'react'
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartAxis } from '../../store/preferences.ts'
import { formatTick, formatValue, niceTicks } from './axes.ts'
import classes from './charts.module.css'
import { ChartTooltip } from './ChartTooltip.tsx'
import { rangeOf, type Point } from './points.ts'

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

interface ChartProps {
  readonly label: string
  readonly points: readonly Point[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly axis: ChartAxis
  readonly logScale: boolean
  /** Fewer ticks, no grid. */
  readonly small?: boolean
}

const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' }
const MARGIN = { top: 6, right: 8, bottom: 0, left: 0 }

/** Lines over time, each with the faint range of its raw values. Never animated: animations lag behind training. */
export const Chart = memo(function Chart(props: ChartProps) {
  const { label, points, lines, marks, axis, logScale, small = false } = props
  const last = points.at(-1)?.x ?? 1
  const ticks = niceTicks(points[0]?.x ?? 0, last, axis)
  return (
    <figure className={classes.figure} aria-label={label}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={points} margin={MARGIN} accessibilityLayer={false}>
          {!small && <CartesianGrid vertical={false} stroke="var(--line)" />}
          <XAxis
            dataKey="x"
            type="number"
            domain={[ticks[0]!, last]}
            ticks={ticks}
            height={20}
            tick={TICK}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            minTickGap={24}
            tickFormatter={(value: number) => formatTick(value, axis)}
          />
          <YAxis
            width={46}
            scale={logScale ? 'log' : 'auto'}
            domain={['auto', 'auto']}
            allowDataOverflow={logScale}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            tickCount={small ? 3 : 5}
            tickFormatter={formatValue}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--mantine-color-dimmed)', strokeDasharray: '2 3' }}
            content={<ChartTooltip lines={lines} marks={marks} axis={axis} />}
          />
          {marks.map(({ x }, index) => (
            <ReferenceLine key={index} x={x} stroke="var(--pending)" strokeDasharray="3 3" />
          ))}
          {lines.map(({ key, colour }) => (
            <Area
              key={rangeOf(key)}
              dataKey={rangeOf(key)}
              stroke={colour}
              strokeOpacity={0.28}
              strokeWidth={1}
              fill={colour}
              fillOpacity={0.14}
              isAnimationActive={false}
              activeDot={false}
            />
          ))}
          {lines.map(({ key, colour }) => (
            <Line
              key={key}
              dataKey={key}
              type="linear"
              stroke={colour}
              strokeWidth={1.75}
              dot={points.length === 1}
              isAnimationActive={false}
              activeDot={{ r: 3, strokeWidth: 0 }}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  )
})
