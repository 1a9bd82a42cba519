import { Button, Progress } from '@mantine/core'
import { formatNumber } from '../../settings/format.ts'
import { secondsLeft } from '../../store/comparison/estimate.ts'
import {
  isRun,
  type Budget,
  type Comparison,
  type RunRecord,
} from '../../store/comparison/model.ts'
import { measuredPace, openComparison, queue, useCompare } from '../../store/comparison/page.ts'
import { runsOf } from '../../store/comparison/plan.ts'
import type { QueuePhase } from '../../store/comparison/store.ts'
import { usedOf } from '../../store/comparison/timing.ts'
import { methodOf } from '../../store/form.ts'
import { useProgress } from '../evaluate/useEvaluation.ts'
import { progressText } from '../evaluate/words.ts'
import { formatSeconds } from '../format.ts'
import classes from './compare.module.css'

const phases: Readonly<Record<QueuePhase, string>> = {
  'setting-aside': 'Your run is put aside',
  building: 'The run is built',
  training: 'Training',
  measuring: 'Measuring k-NN',
  interactions: 'Measuring interactions',
  waiting: 'Between two runs',
  'putting-back': 'Your run comes back',
}

interface QueueBarProps {
  readonly comparison: Comparison
  readonly onStart: () => void
}

/** Starts the runs that wait, says how far they have come, and stops them. */
export function QueueBar({ comparison, onStart }: QueueBarProps) {
  const status = useCompare((state) => state.status)
  if (status === null) return <Idle comparison={comparison} onStart={onStart} />
  if (status.comparison !== comparison.id)
    return (
      <div className={classes.queue}>
        <span>Another comparison is under way.</span>
        <Button size="xs" variant="default" onClick={() => openComparison(status.comparison)}>
          Show it
        </Button>
      </div>
    )
  return <Running comparison={comparison} />
}

/** How long the runs that wait will train; empty where nothing has been measured. */
const leftText = (comparison: Comparison): string => {
  const seconds = secondsLeft(methodOf(comparison.method), comparison, measuredPace())
  return seconds === null ? '' : `About ${formatSeconds(seconds)} of training, without measuring.`
}

/** "step 30 of 1,000" */
const doneText = ({ byTime, minutes, steps }: Budget, { step, seconds }: RunRecord): string =>
  byTime
    ? `step ${formatNumber(step)}, ${formatSeconds(seconds)} of ${minutes} min`
    : `step ${formatNumber(step)} of ${formatNumber(steps)}`

const UNKNOWN = 'Train a few steps first, and this says how long it takes.'

function Idle({ comparison, onStart }: QueueBarProps) {
  const waiting = runsOf(comparison).filter((key) => !comparison.runs.some(isRun(key))).length
  if (comparison.variants.length === 0) return null
  const runs = waiting === 1 ? '1 run waits.' : `${formatNumber(waiting)} runs wait.`
  return (
    <div className={classes.queue} data-testid="queue">
      {waiting > 0 && (
        <Button size="xs" data-testid="compare-start" onClick={onStart}>
          {comparison.runs.length === 0 ? 'Start' : 'Go on'}
        </Button>
      )}
      <span data-testid="queue-status">
        {waiting > 0 ? `${runs} ${leftText(comparison) || UNKNOWN}` : 'Nothing waits.'}
      </span>
    </div>
  )
}

function Running({ comparison }: { readonly comparison: Comparison }) {
  const { phase, run, paused, stopAfter } = useCompare((state) => state.status)!
  const all = runsOf(comparison)
  const { budget } = comparison
  const record = run ? comparison.runs.find(isRun(run)) : undefined
  const variant = comparison.variants.find(({ id }) => id === run?.variant)
  const made = comparison.runs.filter(({ outcome }) => outcome !== 'running').length
  const inHand = record?.outcome === 'running' ? usedOf(budget, record) : 0
  const share = (made + inHand) / Math.max(all.length, 1)
  const measured = useProgress('interactions')
  const seed = comparison.budget.seeds > 1 && record ? `, seed ${record.values.seed}` : ''
  return (
    <div className={classes.running} data-testid="queue">
      <div className={classes.queue}>
        <span data-testid="queue-status">
          {run && variant && (
            <>
              Run {all.findIndex(isRun(run)) + 1} of {all.length}: <b>{variant.label}</b>
              {seed}.{' '}
            </>
          )}
          {paused ? 'Paused' : phases[phase]}
          {phase === 'training' && record
            ? `, ${doneText(budget, record)}. ${leftText(comparison)}`
            : phase === 'interactions' && measured
              ? `: ${progressText(measured)}`
              : '.'}
        </span>
      </div>
      <Progress size={4} aria-label="Comparison" value={100 * share} />
      <div className={classes.buttons}>
        <Button
          size="xs"
          variant="default"
          data-testid="compare-pause"
          onClick={() => (paused ? queue.goOn() : queue.pause())}
        >
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <Button size="xs" variant="default" disabled={run === null} onClick={() => queue.skip()}>
          Skip this run
        </Button>
        <Button
          size="xs"
          variant={stopAfter ? 'light' : 'default'}
          aria-pressed={stopAfter}
          onClick={() => queue.stopAfterThis(!stopAfter)}
        >
          Stop after this run
        </Button>
        <Button
          size="xs"
          variant="default"
          data-testid="compare-stop"
          disabled={phase === 'putting-back'}
          onClick={() => queue.stop()}
        >
          Stop now
        </Button>
      </div>
    </div>
  )
}
