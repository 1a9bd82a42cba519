import { useMemo } from 'react'
import { Chart, type ChartLevel, type ChartLine } from '../../charts/Chart.tsx'
import { interactionPoints, type Scale, type SpotLine } from './curves.ts'
import classes from './interactions.module.css'
import { axisText, placeText, strengthText } from './words.ts'

/** A curve as it is drawn. */
export interface InteractionLine extends ChartLine, SpotLine {}

interface InteractionsChartProps {
  readonly label: string
  readonly lines: readonly InteractionLine[]
  readonly scale: Scale
  /** Cells a row and a column; null where the curves have different grids. */
  readonly grid: number | null
  /** What the bars are. */
  readonly bars: string
}

/** Strengths of interactions by how much else is shown, with error bars. */
export function InteractionsChart({ label, lines, scale, grid, bars }: InteractionsChartProps) {
  const points = useMemo(() => interactionPoints(lines), [lines])
  return (
    <div>
      <div className={classes.chart}>
        <Chart
          label={`${label}. The numbers are in the table below`}
          lines={lines}
          points={points}
          marks={NO_MARKS}
          levels={scale === 'relative' ? MEAN : NO_LEVELS}
          span={WHOLE}
          axis="share"
          logScale={false}
          dots
          bars
          format={strengthText}
          place={(x) => placeText(x, grid)}
        />
      </div>
      <p className={classes.below}>
        {axisText(grid)}. {bars}
      </p>
    </div>
  )
}

const NO_MARKS = [] as const
const NO_LEVELS = [] as const
const MEAN: readonly ChartLevel[] = [{ value: 1, label: 'mean of the orders', side: 'below' }]
const WHOLE = [0, 1] as const
