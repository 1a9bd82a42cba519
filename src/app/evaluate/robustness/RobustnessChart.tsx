import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { CHANCE, type Disturbance, type Place } from './compare.ts'
import classes from './robustness.module.css'

interface RobustnessChartProps {
  readonly disturbance: Disturbance
  readonly places: readonly Place[]
  /** Of the accuracy, in percent; all charts have the same. */
  readonly ticks: readonly number[]
}

/** The two runs: a line and discs, a dashed line and squares. */
const RUNS = ['first', 'second'] as const
type RunName = (typeof RUNS)[number]

const HEIGHT = 168
const FRAME = { top: 8, right: 14, bottom: 34, left: 38 } as const

/** How accuracy falls with one disturbance, of two runs, with what guessing reaches. */
export function RobustnessChart({ disturbance, places, ticks }: RobustnessChartProps) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<Place | null>(null)
  const { id, title, help, axis, nameOf } = disturbance
  return (
    <section className={classes.chart} aria-label={title} data-testid={`robustness-${id}`}>
      <h3 className={classes.title}>{title}</h3>
      <p className={classes.help}>{help}</p>
      <div ref={ref} className={classes.plot} style={{ height: HEIGHT }}>
        {width > 0 && (
          <Plot {...{ disturbance, places, ticks, width, pointed }} onPoint={setPointed} />
        )}
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

const textOf = (accuracy: number | null): string =>
  accuracy === null ? 'not measured' : `${accuracy.toFixed(1)} %`

interface PlotProps extends RobustnessChartProps {
  readonly width: number
  readonly pointed: Place | null
  readonly onPoint: (place: Place | null) => void
}

function Plot({ disturbance, places, ticks, width, pointed, onPoint }: PlotProps) {
  const { isScale, nameOf } = disturbance
  const right = width - FRAME.right
  const bottom = HEIGHT - FRAME.bottom
  const y = (accuracy: number): number => bottom - (accuracy / ticks.at(-1)!) * (bottom - FRAME.top)
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
      aria-label={`${disturbance.title}: accuracy by ${disturbance.axis}. The numbers are in the table below.`}
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
            {tick} %
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
      <line x1={FRAME.left} x2={right} y1={y(CHANCE)} y2={y(CHANCE)} className={classes.chance} />
      <text x={right} y={y(CHANCE) + 12} textAnchor="end" className={classes.tick}>
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
      {spots.map((spot) =>
        run === 'first' ? (
          <circle key={spot.amount} cx={spot.x} cy={spot.y} r={3.2} />
        ) : (
          <rect key={spot.amount} x={spot.x - 3} y={spot.y - 3} width={6} height={6} />
        ),
      )}
    </g>
  )
}
