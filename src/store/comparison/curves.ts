import { standardError } from '../../accuracy.ts'
import type { InteractionsResult } from '../../results.ts'
import { isRun, type Comparison, type RunRecord } from './model.ts'

/** What the horizontal axis of a comparison counts. */
export const compareAxes = ['step', 'images', 'seconds'] as const
export type CompareAxis = (typeof compareAxes)[number]

/** What is compared: the k-NN accuracy of a representation, by its id, or the loss. */
export type Measure =
  { readonly kind: 'knn'; readonly representation: string } | { readonly kind: 'loss' }

/** A value of a run, or the mean of several with their range. */
export interface CurvePoint {
  readonly step: number
  /** Place on the axis. */
  readonly x: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Images that a run has trained on at a step. */
const imagesAt = (run: RunRecord, step: number): number => step * Number(run.values.batchSize)

/** What a run shows of a measure, by the axis. */
export function curveOf(
  run: RunRecord,
  measure: Measure,
  axis: CompareAxis,
): readonly CurvePoint[] {
  const point = (step: number, seconds: number, value: number): CurvePoint => {
    const x = axis === 'step' ? step : axis === 'seconds' ? seconds : imagesAt(run, step)
    return { step, x, value, low: value, high: value }
  }
  const { knn, loss } = run.curves
  if (measure.kind === 'loss')
    return loss.steps.map((step, at) => point(step, loss.seconds[at]!, loss.values[at]!))
  return knn.flatMap(({ step, seconds, scores }) => {
    const score = scores[measure.representation]
    return score === undefined ? [] : [point(step, seconds, score)]
  })
}

/**
 * The curve of a variant: that of its run, or the mean and range over the seeds that are done, as far as all of them
 * reach. While none is done, that of the first one.
 */
export function variantCurve(
  { runs }: Pick<Comparison, 'runs'>,
  variant: string,
  measure: Measure,
  axis: CompareAxis,
): readonly CurvePoint[] {
  const own = runs.filter((run) => run.variant === variant)
  const done = own.filter(({ outcome }) => outcome === 'done')
  const curves = (done.length > 0 ? done : own)
    .map((run) => curveOf(run, measure, axis))
    .filter((curve) => curve.length > 0)
  return done.length > 1 ? meanOf(curves) : (curves[0] ?? [])
}

/** Mean and range of curves at all their steps, as far as all of them reach; straight lines between their points. */
export function meanOf(curves: readonly (readonly CurvePoint[])[]): readonly CurvePoint[] {
  if (curves.length < 2) return curves[0] ?? []
  const first = Math.max(...curves.map((curve) => curve[0]!.step))
  const last = Math.min(...curves.map((curve) => curve.at(-1)!.step))
  const steps = new Set(curves.flatMap((curve) => curve.map(({ step }) => step)))
  return [...steps]
    .filter((step) => step >= first && step <= last)
    .sort((a, b) => a - b)
    .map((step) => {
      const places = curves.map((curve) => between(curve, 'step', step)!)
      const values = places.map(({ value }) => value)
      return {
        step,
        x: mean(places.map(({ x }) => x)),
        value: mean(values),
        low: Math.min(...values),
        high: Math.max(...values),
      }
    })
}

/** The point of a curve at a step or place, on the straight line between its neighbours; null outside the curve. */
export function between(
  curve: readonly CurvePoint[],
  by: 'step' | 'x',
  place: number,
): CurvePoint | null {
  const after = curve.findIndex((point) => point[by] >= place)
  const next = curve[after]
  if (!next) return null
  if (next[by] === place) return next
  const before = curve[after - 1]
  if (!before) return null
  const share = (place - before[by]) / (next[by] - before[by])
  const mix = (key: keyof CurvePoint) => before[key] + share * (next[key] - before[key])
  return {
    step: mix('step'),
    x: mix('x'),
    value: mix('value'),
    low: mix('low'),
    high: mix('high'),
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Where a k-NN accuracy was best, when it has clearly fallen since. */
export interface Peak {
  readonly at: CurvePoint
  readonly last: CurvePoint
  /** Percentage points that it has fallen by. */
  readonly fall: number
}

/** Standard errors that a fall must exceed to be called one. */
const STANDARD_ERRORS = 2
/** Measurements that must follow the best one. */
const AFTER = 2

/**
 * Finds the best point of a k-NN curve from which it has fallen by more than twice the standard error of an accuracy
 * measured on so many images; null where it has not.
 */
export function peakOf(curve: readonly CurvePoint[], testImages: number): Peak | null {
  const best = bestOf(curve)
  const last = curve.at(-1)
  if (!best || !last || curve.indexOf(best) >= curve.length - AFTER) return null
  const fall = best.value - last.value
  return fall > STANDARD_ERRORS * standardError(best.value, testImages)
    ? { at: best, last, fall }
    : null
}

/** The highest point of a curve; the first of several. */
export const bestOf = (curve: readonly CurvePoint[]): CurvePoint | undefined =>
  curve.reduce<CurvePoint | undefined>(
    (best, point) => (best && best.value >= point.value ? best : point),
    undefined,
  )

/** The runs of a variant whose interactions have been measured, with them. */
export const measuredInteractions = (
  { runs }: Pick<Comparison, 'runs'>,
  variant: string,
): readonly { readonly repeat: number; readonly result: InteractionsResult }[] =>
  runs.flatMap((run) =>
    run.variant === variant && run.curves.interactions
      ? [{ repeat: run.repeat, result: run.curves.interactions }]
      : [],
  )

/** The record of a run; undefined while it waits. */
export const recordOf = (
  { runs }: Pick<Comparison, 'runs'>,
  variant: string,
  repeat: number,
): RunRecord | undefined => runs.find(isRun({ variant, repeat }))
