import { sparkPath, sparkScale } from './sparkPath.ts'
import classes from './results.module.css'

/** Values of one line, in time. */
export interface SparkLine {
  readonly key: string
  readonly colour: string
  readonly values: readonly number[]
}

interface SparklineProps {
  readonly lines: readonly SparkLine[]
  /** Where the values stand on the horizontal axis: their steps. */
  readonly places: readonly number[]
  /** A value to compare with, dashed. */
  readonly level: number | null
  /** What it shows, for those who do not see it. */
  readonly label: string
}

/** A small line without axes: how something went, not how much it was. The vertical axis begins at 0. */
export function Sparkline({ lines, places, level, label }: SparklineProps) {
  const scale = sparkScale(places, [...lines.flatMap(({ values }) => values), level ?? 0])
  return (
    <svg
      className={classes.sparkline}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {level !== null && (
        <line className={classes.level} x1="0" x2="100" y1={scale.y(level)} y2={scale.y(level)} />
      )}
      {lines.map(({ key, colour, values }) => (
        <path key={key} d={sparkPath(places, values, scale)} stroke={colour} />
      ))}
    </svg>
  )
}
