import { useElementSize } from '@mantine/hooks'
import { useState, type PointerEvent } from 'react'
import { formatValue, formatValueTick, valueScale } from '../../charts/axes.ts'
import classes from './fourier.module.css'

/** A line of a chart, at places of its own. */
export interface Curve {
  readonly id: string
  readonly label: string
  readonly colour: string
  /** Lengths of dashes and gaps, as SVG wants them; a whole line when absent. */
  readonly dash?: string
  /** Drawn thicker, above the others. */
  readonly strong?: boolean
  /** Rising. */
  readonly x: readonly number[]
  readonly y: ArrayLike<number>
}

interface CurveChartProps {
  /** What it shows, for people who do not see it. */
  readonly label: string
  readonly curves: readonly Curve[]
  /** What the horizontal axis counts. */
  readonly axis: string
  readonly ticks: readonly number[]
  readonly tickText: (value: number) => string
  readonly nameOf: (x: number) => string
  readonly logScale: boolean
  readonly testId: string
}

const HEIGHT = 186
const FRAME = { top: 8, right: 18, bottom: 24, left: 46 } as const

/** Lines over a few places, read out place by place: under the pointer, by tapping, or with the arrow keys. */
export function CurveChart(props: CurveChartProps) {
  const { label, curves, axis, nameOf, testId } = props
  const { ref, width } = useElementSize<HTMLButtonElement>()
  const [pointed, setPointed] = useState<number | null>(null)
  const [cursor, setCursor] = useState(0)
  const places = [...new Set(curves.flatMap(({ x }) => x))].sort((a, b) => a - b)
  const last = places.length - 1
  const at = Math.min(cursor, last)
  const goTo = (place: number) => {
    setCursor(place)
    setPointed(place)
  }
  const under = ({ clientX, currentTarget }: PointerEvent): number => {
    const { left } = currentTarget.getBoundingClientRect()
    const share = (clientX - left - FRAME.left) / (width - FRAME.left - FRAME.right)
    const x = share * props.ticks.at(-1)!
    return places.reduce(
      (best, place, i) => (Math.abs(place - x) < Math.abs(places[best]! - x) ? i : best),
      0,
    )
  }
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: last,
  }
  const shown = pointed === null ? undefined : places[pointed]
  return (
    <figure className={classes.chart}>
      <button
        ref={ref}
        type="button"
        className={classes.plot}
        style={{ height: HEIGHT }}
        aria-label={`${label}. ${curves.map((curve) => curve.label).join(', ')}. Arrow keys read it.`}
        data-testid={testId}
        onKeyDown={(event) => {
          const next = steps[event.key]
          if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return
          event.preventDefault()
          event.stopPropagation()
          goTo(Math.min(last, Math.max(0, next)))
        }}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) setPointed(at)
        }}
        onBlur={() => setPointed(null)}
        onPointerMove={(event) => goTo(under(event))}
        onPointerDown={(event) => goTo(under(event))}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === 'mouse') setPointed(null)
        }}
      >
        {width > 0 && <Plot {...props} width={width} pointed={shown ?? null} />}
      </button>
      <figcaption className={classes.below} aria-live="polite" data-testid={`${testId}-readout`}>
        {shown === undefined ? axis : `${nameOf(shown)}: ${readingsOf(curves, shown)}`}
      </figcaption>
    </figure>
  )
}

/** What the curves that have a value there have. */
const readingsOf = (curves: readonly Curve[], x: number): string =>
  curves
    .flatMap((curve) => {
      const value = curve.y[curve.x.indexOf(x)]
      return value === undefined ? [] : [`${curve.label} ${formatValue(value)}`]
    })
    .join('; ')

interface PlotProps extends CurveChartProps {
  readonly width: number
  readonly pointed: number | null
}

function Plot({ curves, ticks, tickText, logScale, width, pointed }: PlotProps) {
  const isDrawn = (value: number): boolean => Number.isFinite(value) && (!logScale || value > 0)
  const values = curves.flatMap(({ y }) => Array.from(y)).filter(isDrawn)
  const scale = valueScale(Math.min(...values), Math.max(...values), logScale, 4)
  const height = logScale ? Math.log : (value: number): number => value
  const [low, high] = scale.domain.map(height) as [number, number]
  const right = width - FRAME.right
  const bottom = HEIGHT - FRAME.bottom
  const toX = (x: number): number => FRAME.left + (x / ticks.at(-1)!) * (right - FRAME.left)
  const toY = (y: number): number =>
    bottom - ((height(y) - low) / (high - low)) * (bottom - FRAME.top)
  const pathOf = ({ x, y }: Curve): string =>
    x
      .flatMap((place, i) =>
        isDrawn(y[i]!) ? [`${toX(place).toFixed(1)} ${toY(y[i]!).toFixed(1)}`] : [],
      )
      .map((point, i) => `${i === 0 ? 'M' : 'L'}${point}`)
      .join('')
  return (
    <svg width={width} height={HEIGHT} aria-hidden>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={FRAME.left} x2={right} y1={toY(tick)} y2={toY(tick)} className={classes.rule} />
          <text x={FRAME.left - 6} y={toY(tick) + 4} textAnchor="end">
            {formatValueTick(tick, scale.ticks)}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <text key={tick} x={toX(tick)} y={bottom + 17} textAnchor="middle">
          {tickText(tick)}
        </text>
      ))}
      {pointed !== null && (
        <line
          x1={toX(pointed)}
          x2={toX(pointed)}
          y1={FRAME.top}
          y2={bottom}
          className={classes.pointer}
        />
      )}
      {curves
        .toSorted((a, b) => Number(a.strong ?? false) - Number(b.strong ?? false))
        .map((curve) => (
          <path
            key={curve.id}
            d={pathOf(curve)}
            fill="none"
            stroke={curve.colour}
            strokeWidth={curve.strong ? 2.75 : 1.75}
            strokeDasharray={curve.dash}
          />
        ))}
    </svg>
  )
}
