import { Button, Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import type { EvaluationKind, EvaluationProgress, EvaluationRequest } from '../../results.ts'
import { formatNumber } from '../../settings/format.ts'
import { client } from '../../store/page.ts'
import { formatSeconds } from '../format.ts'
import classes from './evaluate.module.css'
import { EvaluationSettings } from './EvaluationSettings.tsx'
import { RepresentationPicker } from './RepresentationPicker.tsx'
import { useLatest, useObstacle, useProgress, useRepresentation } from './useEvaluation.ts'
import { progressText } from './words.ts'

interface EvaluationHeadProps {
  readonly kind: EvaluationKind
  /** What the button says: "Train a probe". */
  readonly action: string
  /** What is asked for about the chosen representation; null while something is missing. */
  readonly request: ((representation: string) => EvaluationRequest) | null
  /** Heading of its settings in the method's table; absent where it has none of its own. */
  readonly settings?: string
  /** What one chooses most often, beside the button. */
  readonly choice?: ReactNode
  /** What it is going to take. */
  readonly note?: ReactNode
  /** What is computed, in a sentence or two. */
  readonly children: ReactNode
}

/** The head of every evaluation: what it does, of which representation, how far it has come, and its settings. */
export function EvaluationHead(props: EvaluationHeadProps) {
  const { kind, action, request, settings, choice, note, children } = props
  const { id } = useRepresentation(kind)
  const obstacle = useObstacle()
  const progress = useProgress(kind)
  const isRunning = progress !== undefined
  const isTraining = typeof progress === 'object' && progress.total > 0
  return (
    <div className={classes.head} data-testid={`head-${kind}`}>
      <p className={classes.about}>{children}</p>
      <div className={classes.bar}>
        {kind !== 'knn' && kind !== 'detection' && (
          <RepresentationPicker kind={kind} disabled={isRunning} />
        )}
        {choice}
        {isRunning ? (
          <Button size="xs" variant="default" onClick={() => client.cancelEvaluation(kind)}>
            Cancel
          </Button>
        ) : (
          <Button
            size="xs"
            disabled={request === null || obstacle !== null}
            onClick={() => request && client.evaluate(request(id))}
          >
            {action}
          </Button>
        )}
        <Status kind={kind} progress={progress} obstacle={obstacle} />
      </div>
      <Progress
        size={3}
        aria-label="Evaluated"
        className={classes.progress}
        data-idle={!isRunning || undefined}
        value={isTraining ? (progress.done / progress.total) * 100 : 0}
      />
      {note}
      {settings !== undefined && <EvaluationSettings name={settings} />}
    </div>
  )
}

interface StatusProps {
  readonly kind: EvaluationKind
  readonly progress: EvaluationProgress | 'waiting' | undefined
  readonly obstacle: string | null
}

/** How far the evaluation has come, or when and how long the last one was made. */
function Status({ kind, progress, obstacle }: StatusProps) {
  const latest = useLatest(kind)
  return (
    <span className={classes.status} data-testid={`status-${kind}`}>
      {progress !== undefined
        ? progressText(progress)
        : (obstacle ??
          (latest &&
            `Features of step ${formatNumber(latest.step)}, took ${formatTook(latest.took)}.`))}
    </span>
  )
}

const formatTook = (seconds: number): string =>
  seconds < 10 ? `${seconds.toFixed(1)} s` : formatSeconds(seconds)
