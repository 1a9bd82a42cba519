import type { Series } from '../series.ts'
import { BUDGET_BOUNDS, type Budget } from './model.ts'

/*
 * Runs that train for the same time make different numbers of steps. How many that will be is measured while they train:
 * the learning rate's schedule is fitted to it, so that it ends with the time.
 */

/** Shares of the time at which the schedule is fitted: early, and again when the pace is known better. */
export const FITS = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4] as const
/** Times that k-NN is measured in the time of a run, evenly. */
const MEASUREMENTS = 10

/** Seconds of training after which a run is stopped; Infinity without such a limit. */
export const limitOf = ({ minutes }: Budget): number => (minutes === null ? Infinity : 60 * minutes)

/** Steps after which a run is stopped: where time counts, the most that a run may make. */
export const stepsOf = ({ byTime, steps }: Budget): number =>
  byTime ? BUDGET_BOUNDS.steps.max : steps

/** How much of its budget a run has used, 0 to 1. */
export const usedOf = (
  budget: Budget,
  { step, seconds }: { readonly step: number; readonly seconds: number },
): number => Math.min(Math.max(step / stepsOf(budget), seconds / limitOf(budget)), 1)

/** Seconds of training at which a run rests next, to be measured. */
export function nextRest(budget: Budget, seconds: number): number {
  const limit = limitOf(budget)
  if (!budget.byTime) return limit
  const between = limit / MEASUREMENTS
  // A rest that is only a moment away is that which has just been.
  return Math.min((Math.floor(seconds / between + 0.01) + 1) * between, limit)
}

/** How many of `FITS` are due after some seconds of training. */
export const fitsDue = (budget: Budget, seconds: number): number =>
  budget.byTime && budget.fitSchedule
    ? FITS.filter((share) => seconds >= share * limitOf(budget)).length
    : 0

/**
 * Steps that a run will have made when its time is up, at the pace of the later half of its time so far, without the
 * preparation of the first step; null before there is a pace.
 */
export function stepsInTime(series: Series, limit: number): number | null {
  const last = series.length - 1
  if (last < 1) return null
  const [steps, seconds] = [series.axis('step'), series.axis('seconds')]
  let from = 0
  while (from < last - 1 && seconds[from]! < seconds[last]! / 2) from++
  const [made, took] = [steps[last]! - steps[from]!, seconds[last]! - seconds[from]!]
  if (made <= 0 || took <= 0) return null
  return Math.max(Math.round(steps[last]! + ((limit - seconds[last]!) * made) / took), 1)
}
