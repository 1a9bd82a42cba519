import type { Fault } from '../../errors.ts'
import type { EvaluationRecord } from '../../results.ts'
import { recordsOf } from '../evaluations.ts'
import type { Series } from '../series.ts'
import type { Session } from '../session.ts'
import { smooth } from '../smoothing.ts'
import type { Budget, Curves, LossCurve, RunOutcome, RunRecord } from './model.ts'
import { limitOf } from './timing.ts'

/** Points of a loss curve at most: as many as a chart can show. */
export const LOSS_POINTS = 256
/** The loss is smoothed over this share of the budget: a step loses half its weight in so many. */
const SMOOTHING = 1 / 50

/** What the present run has shown so far. @param steps of the budget */
export function collect(
  series: Series,
  records: readonly EvaluationRecord[],
  steps: number,
): Curves {
  // Measured again at the same step, the last one counts.
  const knn = recordsOf(records, 'knn').filter(({ step }, at, all) => all[at + 1]?.step !== step)
  const latest = knn.at(-1)?.result
  const interactions = recordsOf(records, 'interactions').at(-1)?.result
  return {
    knn: knn.map(({ step, seconds, result }) => ({
      step,
      seconds,
      scores: Object.fromEntries(
        result.scores.map(({ representation, accuracy }) => [representation, accuracy]),
      ),
    })),
    loss: lossOf(series, steps * SMOOTHING),
    floors: latest
      ? { rawPixels: latest.floors.rawPixels, randomInitOf: latest.floors.randomInitOf }
      : null,
    testImages: latest?.test ?? null,
    ...(interactions && { interactions }),
  }
}

function lossOf(series: Series, halfLife: number): LossCurve {
  const { length } = series
  const metric = series.metric('loss')
  const curve = { steps: [] as number[], seconds: [] as number[], values: [] as number[] }
  if (!metric) return curve
  const smoothed = smooth(metric, length, halfLife)
  const steps = series.axis('step')
  const seconds = series.axis('seconds')
  const group = Math.ceil(length / LOSS_POINTS)
  for (let at = 0; at < length; at += group) {
    const last = Math.min(at + group, length) - 1
    if (!Number.isFinite(smoothed[last]!)) continue
    curve.steps.push(steps[last]!)
    curve.seconds.push(seconds[last]!)
    curve.values.push(smoothed[last]!)
  }
  return curve
}

/** Seconds of training of the present run, as told with its last step. */
export const secondsOf = (series: Series): number =>
  series.length > 0 ? series.axis('seconds')[series.length - 1]! : 0

/** How a run stands, and what went wrong with it. */
export interface Standing {
  readonly outcome: RunOutcome
  readonly fault: Fault | null
}

/** The record of the run in hand as it stands now. @param before its record so far */
export function recordNow(
  before: RunRecord,
  { outcome, fault }: Standing,
  budget: Budget,
  session: Session,
  series: Series,
): RunRecord {
  const { run, evaluations, adapter, running } = session
  const step = running === null ? 0 : run.step
  const seconds = secondsOf(series)
  const { scheduleSteps } = running?.values ?? before.values
  return {
    ...before,
    outcome,
    // As it was fitted at last.
    values: { ...before.values, ...(scheduleSteps !== undefined && { scheduleSteps }) },
    step,
    seconds,
    curves: collect(series, evaluations.kept, budget.byTime ? step : budget.steps),
    timedOut: !budget.byTime && step < budget.steps && seconds >= limitOf(budget),
    fault,
    adapter: adapter?.name ?? '',
  }
}
