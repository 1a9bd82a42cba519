import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './pictures.module.css'
import { formatScore, scoreBar } from './scores.ts'

interface ScoreProps {
  /** From −1 to 1. */
  readonly score: number
  /** What it says. */
  readonly label: string | null
  /** Whether there is room for three characters only. */
  readonly narrow?: boolean
  readonly testId?: string
}

/** A number from −1 to 1 with its bar. Only for the eye: what it stands under says it in words. */
export function Score({ score, label, narrow = false, testId }: ScoreProps) {
  const { start, length } = scoreBar(score)
  return (
    <Tooltip label={`${label ?? 'Score'}: ${formatScore(score)}, on a scale from −1 to 1`} tap>
      <span className={classes.score} aria-hidden data-testid={testId}>
        <span className={classes.scoreTrack}>
          <span
            className={classes.scoreBar}
            data-negative={score < 0 || undefined}
            style={{ left: `${100 * start}%`, width: `${100 * length}%` }}
          />
        </span>
        <span>{formatScore(score, narrow)}</span>
      </span>
    </Tooltip>
  )
}
