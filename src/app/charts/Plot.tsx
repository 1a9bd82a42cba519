import { memo } from 'react'
import { Line, LineChart, XAxis, YAxis } from 'recharts'
import { formatTick, formatValueTick, valueScale } from './axes.ts'
import { FRAME, placesOf, type ChartLevel, type ChartProps, type ChartSpot } from './Chart.tsx'
import { ChartGround } from './ChartGround.tsx'
import { rangeOfValues } from './points.ts'

interface PlotProps extends ChartProps {
  readonly width: number
  readonly height: number
}

const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' }
const NO_LEVELS: readonly ChartLevel[] = []
const NO_SPOTS: readonly ChartSpot[] = []
const MARGIN = { top: FRAME.top, right: FRAME.right, bottom: 0, left: 0 }

/** Drawn anew only when the points change, not while the pointer moves. Never animated: that would lag behind training. */
export default memo(function Plot(props: PlotProps) {
  const { points, lines, marks, axis, logScale, small = false, width, height } = props
  const { levels = NO_LEVELS, spots = NO_SPOTS, dots = false, bars = false } = props
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
        spots={spots}
        ticks={values.ticks}
        bars={bars}
      />
      {lines.map(({ key, colour, dash = '' }) => (
        <Line
          key={key}
          dataKey={key}
          type="linear"
          stroke={colour}
          strokeWidth={1.75}
          strokeDasharray={dash}
          connectNulls={bars}
          dot={dots ? { r: 2, fill: colour } : points.length === 1}
          isAnimationActive={false}
          activeDot={false}
        />
      ))}
    </LineChart>
  )
})
