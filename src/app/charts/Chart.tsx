import { useElementSize } from '@mantine/hooks'
import { lazy, Suspense, useState, type PointerEvent } from 'react'
import { placeScale, type PlaceAxis } from './axes.ts'
import { ChartReadout } from './ChartReadout.tsx'
import classes from './charts.module.css'
import type { Point } from './points.ts'

// The page is there without it: what draws the lines comes with the first ones.
const Plot = lazy(() => import('./Plot.tsx'))

/** A line of a chart. */
export interface ChartLine {
  readonly key: string
  readonly label: string
  readonly colour: string
  /** Lengths of dashes and gaps, as SVG wants them; a whole line when absent. */
  readonly dash?: string
}

/** A live change of a setting: where, and what is said about it. */
export interface ChartMark {
  readonly x: number
  readonly text: string
}

/** A point of a line that is drawn as a disc, or as a ring with a word beside it. */
export interface ChartSpot {
  readonly x: number
  readonly y: number
  readonly colour: string
  readonly text?: string
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
  readonly axis: PlaceAxis
  readonly logScale: boolean
  /** Fewer ticks. */
  readonly small?: boolean
  readonly levels?: readonly ChartLevel[]
  readonly spots?: readonly ChartSpot[]
  /** First and last place on the horizontal axis; those of the points where it is absent. */
  readonly span?: readonly [number, number]
  /** Few points that stand for themselves: each is seen. */
  readonly dots?: boolean
  /** Ranges are errors of single points, drawn as bars; a line goes on over places at which it has no point. */
  readonly bars?: boolean
  /** How values are read out. */
  readonly format?: (value: number) => string
  /** How places are read out; as the axis counts them when absent. */
  readonly place?: (x: number) => string
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
      aria-label={[props.label, ...(props.levels ?? []).map(({ label }) => label)].join(', ')}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setPointer(null)}
    >
      {width > 0 && (
        <Suspense fallback={null}>
          <Plot {...props} width={width} height={height} />
        </Suspense>
      )}
      {pointer !== null && <ChartReadout {...props} width={width} pointer={pointer} />}
    </figure>
  )
}
