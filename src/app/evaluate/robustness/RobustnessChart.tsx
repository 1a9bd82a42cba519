import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { CHANCE, type ChartAbout, type Place } from './compare.ts'
import classes from './robustness.module.css'

interface RobustnessChartProps {
  readonly about: ChartAbout
  readonly places: readonly Place[]
  /** Of the values. */
  readonly ticks: readonly number[]
  /** What guessing reaches at the left and at the right; that of an accuracy when absent. */
  readonly chance?: readonly [left: number, right: number]
  /** A value in words; percent when absent. */
  readonly format?: (value: number) => string
}

/** The two runs: a line and discs, a dashed line and squares. */
const RUNS = ['first', 'second'] as const
type RunName = (typeof RUNS)[number]

const HEIGHT = 168
const FRAME = { top: 8, right: 14, bottom: 34, left: 38 } as const

/** More points are a line alone. */
const MOST_SPOTS = 20

const percent = (value: number): string => `${value.toFixed(1)} %`

/** How a value falls with what is done, of two runs, with what guessing reaches. */
export function RobustnessChart(props: RobustnessChartProps) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<Place | null>(null)
  const { about, places, format = percent } = props
  const { id, title, help, axis, nameOf } = about
  const textOf = (value: number | null): string => (value === null ? 'not measured' : format(value))
  return (
    <section className={classes.chart} aria-label={title} data-testid={`chart-${id}`}>
      <h3 className={classes.title}>{title}</h3>
      <p className={classes.help}>{help}</p>
      <div ref={ref} className={classes.plot} style={{ height: HEIGHT }}>
        {width > 0 && <Plot {...{ ...props, width, pointed }} onPoint={setPointed} />}
      </div>
      <p className={classes.below}>
        {pointed ? (
          <>
            {nameOf(pointed.amount)}: {textOf(pointed.first)}
            {places.some(({ second }) => second !== null) &&
              `, compared: ${textOf(pointed.second)}`}
          </>
        ) : (
          axis
        )}
      </p>
    </section>
  )
}

interface PlotProps extends RobustnessChartProps {
  readonly width: number
  readonly pointed: Place | null
  readonly onPoint: (place: Place | null) => void
}

function Plot(props: PlotProps) {
  const { about, places, ticks, width, pointed, onPoint, chance = [CHANCE, CHANCE], format } = props
  const { title, axis, isScale, nameOf } = about
  const right = width - FRAME.right
  const bottom = HEIGHT - FRAME.bottom
  const y = (value: number): number => bottom - (value / ticks.at(-1)!) * (bottom - FRAME.top)
  const amounts = places.map(({ amount }) => amount)
  const last = isScale ? 100 : Math.max(places.length - 1, 1)
  const inset = isScale ? 0 : 24
  const x = (place: Place): number =>
    FRAME.left +
    inset +
    ((isScale ? place.amount : amounts.indexOf(place.amount)) / last) *
      (right - FRAME.left - 2 * inset)
  const named = isScale ? places.filter(({ amount }) => amount % 20 === 0) : places
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={`${title}, by ${axis}. The numbers are in the table below.`}
      onPointerMove={({ clientX, currentTarget }) => {
        const at = clientX - currentTarget.getBoundingClientRect().left
        onPoint(
          places.reduce<Place | null>(
            (best, place) =>
              best && Math.abs(x(best) - at) <= Math.abs(x(place) - at) ? best : place,
            null,
          ),
        )
      }}
      onPointerLeave={() => onPoint(null)}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={FRAME.left} x2={right} y1={y(tick)} y2={y(tick)} className={classes.rule} />
          <text x={FRAME.left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
            {format ? format(tick) : `${tick} %`}
          </text>
        </g>
      ))}
      {named.map((place) => (
        <text
          key={place.amount}
          x={x(place)}
          y={bottom + 17}
          textAnchor="middle"
          className={classes.tick}
        >
          {nameOf(place.amount)}
        </text>
      ))}
      <line
        x1={FRAME.left}
        x2={right}
        y1={y(chance[0])}
        y2={y(chance[1])}
        className={classes.chance}
      />
      <text
        x={right}
        y={y(chance[0]) + (chance[0] > 0 ? 12 : -4)}
        textAnchor="end"
        className={classes.tick}
      >
        chance
      </text>
      {pointed && (
        <line
          x1={x(pointed)}
          x2={x(pointed)}
          y1={FRAME.top}
          y2={bottom}
          className={classes.pointer}
        />
      )}
      {RUNS.map((run) => (
        <Curve key={run} run={run} places={places} x={x} y={y} />
      ))}
    </svg>
  )
}

interface CurveProps {
  readonly run: RunName
  readonly places: readonly Place[]
  readonly x: (place: Place) => number
  readonly y: (accuracy: number) => number
}

function Curve({ run, places, x, y }: CurveProps) {
  const spots = places.flatMap((place) => {
    const accuracy = place[run]
    return accuracy === null ? [] : [{ amount: place.amount, x: x(place), y: y(accuracy) }]
  })
  return (
    <g className={classes.run} data-run={run}>
      <polyline points={spots.map((spot) => `${spot.x},${spot.y}`).join(' ')} />
      {(spots.length <= MOST_SPOTS ? spots : []).map((spot) =>
        run === 'first' ? (
          <circle key={spot.amount} cx={spot.x} cy={spot.y} r={3.2} />
        ) : (
          <rect key={spot.amount} x={spot.x - 3} y={spot.y - 3} width={6} height={6} />
        ),
      )}
    </g>
  )
}
