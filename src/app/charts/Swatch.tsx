import type { ChartLine } from './Chart.tsx'
import classes from './charts.module.css'

/** Which line is meant: a piece of it. */
export function Swatch({ colour, dash }: Pick<ChartLine, 'colour' | 'dash'>) {
  if (dash === undefined) return <span className={classes.swatch} style={{ background: colour }} />
  return (
    <svg width={26} height={8} aria-hidden className={classes.dashed}>
      <line x1={0} x2={26} y1={4} y2={4} stroke={colour} strokeWidth={2.5} strokeDasharray={dash} />
    </svg>
  )
}
