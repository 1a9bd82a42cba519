import type { Fault } from '../../errors.ts'
import { isResult } from '../../evaluationRecords.ts'
import type { SettingValue } from '../../settings/rows.ts'
import {
  BUDGET_BOUNDS,
  MOST_VARIANTS,
  NAME_LENGTH,
  type Budget,
  type Comparison,
  type Curves,
  type Floors,
  type KnnPoint,
  type LossCurve,
  type RunRecord,
  type Variant,
} from './model.ts'

/**
 * Whether something is a comparison, whole and within all bounds. What is checked comes from a file or from the
 * browser's database and may be anything.
 */

type Check = (value: unknown) => boolean

/** Most numbers in a list: more than any comparison makes. */
const MOST_POINTS = 5000

const text: Check = (value) => typeof value === 'string'
const flag: Check = (value) => typeof value === 'boolean'
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const amount: Check = (value) => number(value) && (value as number) >= 0
const percent: Check = (value) => amount(value) && (value as number) <= 100
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const setting: Check = (value) =>
  ['number', 'string', 'boolean'].includes(typeof (value as SettingValue)) &&
  (typeof value !== 'number' || Number.isFinite(value))

const name: Check = (value) => text(value) && (value as string).length <= NAME_LENGTH
const id: Check = (value) => text(value) && /^[\w-]{1,64}$/.test(value as string)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf =
  (check: Check, most = MOST_POINTS): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check)

const byName =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check)

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)

const within =
  ({ min, max }: { readonly min: number; readonly max: number }, whole: boolean): Check =>
  (value) =>
    (whole ? Number.isSafeInteger(value) : number(value)) &&
    (value as number) >= min &&
    (value as number) <= max

/** An object with at least these fields. */
const objectOf =
  <T>(fields: Readonly<Record<keyof T, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries<Check>(fields).every(
      ([key, check]) => Object.hasOwn(value, key) && check(value[key]),
    )

const rising = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value > values[at - 1]!)

const variant = objectOf<Variant>({ id, label: name, values: byName(setting) })

const budgetFields = objectOf<Omit<Budget, 'byTime' | 'interactions'>>({
  steps: within(BUDGET_BOUNDS.steps, true),
  minutes: orNull(within(BUDGET_BOUNDS.minutes, false)),
  knnEvery: within(BUDGET_BOUNDS.knnEvery, true),
  seeds: within(BUDGET_BOUNDS.seeds, true),
  fitSchedule: flag,
})

const budget: Check = (value) => {
  if (!budgetFields(value)) return false
  const { byTime, minutes, interactions } = value as Readonly<Record<keyof Budget, unknown>>
  return (
    (byTime === undefined || (byTime === true && minutes !== null)) &&
    (interactions === undefined || interactions === true)
  )
}

const knn: Check = (value) =>
  listOf(objectOf<KnnPoint>({ step: count, seconds: amount, scores: byName(percent) }))(value) &&
  rising((value as readonly KnnPoint[]).map(({ step }) => step))

const loss: Check = (value) => {
  if (
    !objectOf<LossCurve>({
      steps: listOf(count),
      seconds: listOf(amount),
      values: listOf(number),
    })(value)
  )
    return false
  const { steps, seconds, values } = value as LossCurve
  return steps.length === seconds.length && steps.length === values.length && rising(steps)
}

const curvesFields = objectOf<Omit<Curves, 'interactions'>>({
  knn,
  loss,
  floors: orNull(objectOf<Floors>({ rawPixels: percent, randomInitOf: byName(percent) })),
  testImages: orNull((value) => count(value) && value !== 0),
})

const curves: Check = (value) => {
  if (!curvesFields(value)) return false
  const { interactions } = value as { readonly interactions?: unknown }
  return (
    interactions === undefined || (isResult(interactions) && interactions.kind === 'interactions')
  )
}

const fault = objectOf<Omit<Fault, 'detail'>>({ code: text, what: text, kept: text, todo: text })

const outcomes: readonly unknown[] = ['running', 'done', 'failed', 'skipped', 'interrupted']

const run = objectOf<RunRecord>({
  variant: id,
  repeat: within({ min: 0, max: BUDGET_BOUNDS.seeds.max - 1 }, true),
  outcome: (value) => outcomes.includes(value),
  values: byName(setting),
  step: count,
  seconds: amount,
  curves,
  timedOut: flag,
  fault: orNull(fault),
  adapter: text,
})

const comparison = objectOf<Comparison>({
  id,
  name,
  made: (value) => text(value) && !Number.isNaN(Date.parse(value as string)),
  method: text,
  base: byName(setting),
  variants: listOf(variant, MOST_VARIANTS),
  budget,
  runs: listOf(run, MOST_VARIANTS * BUDGET_BOUNDS.seeds.max),
})

/** Whether something is a whole comparison, in which every run belongs to a variant and none is there twice. */
export function isComparison(value: unknown): value is Comparison {
  if (!comparison(value)) return false
  const { variants, runs } = value as Comparison
  const ids = new Set(variants.map((each) => each.id))
  const keys = new Set(runs.map((each) => `${each.variant} ${each.repeat}`))
  return (
    ids.size === variants.length &&
    keys.size === runs.length &&
    runs.every((each) => ids.has(each.variant))
  )
}
