import { uncertainty } from './accuracy.ts'
import type { EvaluationRecord, KnnResult } from './results.ts'
import { formatNumber } from './settings/format.ts'

/**
 * What k-NN over training says of the run, whatever the method: features that get worse again, and features that never
 * get better. The thresholds are this project's own; changes that so few test images cannot tell from chance never count.
 */

/** Single results waver: so many in a row are taken together. */
export const MEAN_OF = 3
/** Points below its peak from which an accuracy has fallen clearly. */
export const LEAST_FALL = 2
/** Points above the untrained network from which something has been learned. */
export const LEAST_GAIN = 1.5
/** Steps before which nobody expects features to be better than untrained ones. */
export const PATIENCE_STEPS = 1000

/**
 * Warnings in plain words, none while all goes well: of the first representation that is watched, by which the method is
 * judged.
 * @param records of a run, by step; those that were measured otherwise than the newest one are left out
 */
export function historyWarnings(
  records: readonly EvaluationRecord<KnnResult>[],
  { hasTeacher }: { readonly hasTeacher: boolean },
): readonly string[] {
  const newest = records.at(-1)?.result
  const judged = newest?.scores[0]?.representation
  if (!newest || judged === undefined) return []
  const points = records
    .filter(({ step, result }) => step > 0 && isMeasuredAlike(result, newest))
    .flatMap(({ step, result }) => {
      const score = result.scores.find(({ representation }) => representation === judged)
      return score ? [{ step, accuracy: score.accuracy }] : []
    })
  const means = meansOf(points)
  const peak = means.reduce<Point | undefined>(
    (best, point) => (best && best.accuracy >= point.accuracy ? best : point),
    undefined,
  )
  const last = means.at(-1)
  if (!peak || !last) return []
  const floor = newest.floors.randomInitOf[judged] ?? newest.floors.randomInit
  return [
    ...fallen(peak, last, newest),
    ...flat(peak, points.at(-1)!.step, floor, newest, hasTeacher),
  ]
}

interface Point {
  readonly step: number
  readonly accuracy: number
}

/** The mean of each point and those just before it, at the place of the middle one. */
const meansOf = (points: readonly Point[]): readonly Point[] =>
  points.slice(MEAN_OF - 1).map((_, at) => {
    const taken = points.slice(at, at + MEAN_OF)
    const accuracy = taken.reduce((sum, point) => sum + point.accuracy, 0) / MEAN_OF
    return { step: taken[MEAN_OF >> 1]!.step, accuracy }
  })

const isMeasuredAlike = (one: KnnResult, other: KnnResult): boolean =>
  (['bank', 'test', 'neighbours', 'temperature'] as const).every((key) => one[key] === other[key])

function fallen(peak: Point, last: Point, { test }: KnnResult): readonly string[] {
  const fall = peak.accuracy - last.accuracy
  if (fall <= Math.max(LEAST_FALL, uncertainty(peak.accuracy, test))) return []
  return [
    `k-NN was ${percent(peak)} around step ${formatNumber(peak.step)} and is ${percent(last)} now: ${fall.toFixed(1)} points lower. The network may be over-fitting its training images: more images or a shorter run would help.`,
  ]
}

function flat(
  { accuracy }: Point,
  step: number,
  floor: number,
  { test }: KnnResult,
  hasTeacher: boolean,
): readonly string[] {
  if (step < PATIENCE_STEPS) return []
  if (accuracy > floor + Math.max(LEAST_GAIN, uncertainty(floor, test))) return []
  const teacher = hasTeacher ? ', or the teacher follows so slowly that it stands still' : ''
  return [
    `After ${formatNumber(step)} steps k-NN is ${percent({ accuracy })} at best, no better than the untrained network (${floor.toFixed(1)} %): nothing has been learned that tells images apart. The task may be too easy to need it${teacher}.`,
  ]
}

const percent = ({ accuracy }: Pick<Point, 'accuracy'>): string => `${accuracy.toFixed(1)} %`
