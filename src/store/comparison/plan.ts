import type { Comparison as Offered, MethodDescription } from '../../methods/description.ts'
import { diffSettings } from '../../settings/diff.ts'
import { formatSetting } from '../../settings/format.ts'
import { resolveSettings, type Resolved } from '../../settings/parse.ts'
import type { SettingRow, SettingTable, SettingValue, SettingValues } from '../../settings/rows.ts'
import { readValue } from '../../settings/value.ts'
import {
  isRun,
  MOST_VARIANTS,
  type Budget,
  type Comparison,
  type RunKey,
  type Variant,
} from './model.ts'

/** Seeds are unsigned 32-bit numbers. */
const SEEDS = 2 ** 32
/** Steps of every run, unless the person chooses others. */
const STEPS = 1000
/** k-NN measurements of a run, unless the person chooses otherwise. */
const MEASUREMENTS = 10

export const initialBudget: Budget = {
  steps: STEPS,
  minutes: null,
  knnEvery: STEPS / MEASUREMENTS,
  seeds: 1,
  fitSchedule: true,
}

/** Minutes of every run, unless the person chooses others, where all get the same time. */
const MINUTES = 10

/** The budget of runs that train for the same time. */
export const timeBudget: Budget = { ...initialBudget, minutes: MINUTES, byTime: true }

/** A comparison that has not begun. */
export function newComparison(
  method: MethodDescription,
  base: SettingValues,
  name: string,
  variants: readonly Omit<Variant, 'id'>[],
  budget: Budget = initialBudget,
): Comparison {
  return {
    id: crypto.randomUUID(),
    name,
    made: new Date().toISOString(),
    method: method.id,
    base,
    variants: variants.slice(0, MOST_VARIANTS).map((variant) => ({ ...variant, id: newId() })),
    budget,
    runs: [],
  }
}

const newId = (): string => crypto.randomUUID().slice(0, 8)

/** Adds a variant at the end, unless there are as many as there may be. */
export const withVariant = (comparison: Comparison, variant: Omit<Variant, 'id'>): Comparison =>
  comparison.variants.length >= MOST_VARIANTS
    ? comparison
    : { ...comparison, variants: [...comparison.variants, { ...variant, id: newId() }] }

/** Changes a variant. */
export const withChanged = (
  comparison: Comparison,
  id: string,
  change: Partial<Omit<Variant, 'id'>>,
): Comparison => ({
  ...comparison,
  variants: comparison.variants.map((variant) =>
    variant.id === id ? { ...variant, ...change } : variant,
  ),
})

/** Removes a variant and what was found about it. */
export const withoutVariant = (comparison: Comparison, id: string): Comparison => ({
  ...comparison,
  variants: comparison.variants.filter((variant) => variant.id !== id),
  runs: comparison.runs.filter(({ variant }) => variant !== id),
})

/** Moves a variant up (-1) or down (1) by one place. */
export function moved(comparison: Comparison, id: string, by: -1 | 1): Comparison {
  const variants = [...comparison.variants]
  const from = variants.findIndex((variant) => variant.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= variants.length) return comparison
  variants.splice(to, 0, ...variants.splice(from, 1))
  return { ...comparison, variants }
}

/** Forgets what was found about a run, so that it waits again. */
export const withoutRun = (comparison: Comparison, key: RunKey): Comparison => ({
  ...comparison,
  runs: comparison.runs.filter((run) => !isRun(key)(run)),
})

/** Every run of a comparison in the order of the queue: all variants with the first seed, then with the next. */
export const runsOf = ({ variants, budget }: Comparison): readonly RunKey[] =>
  Array.from({ length: budget.seeds }, (_, repeat) =>
    variants.map(({ id }) => ({ variant: id, repeat })),
  ).flat()

/** The next run that waits; undefined when there is none. */
export const nextRun = (comparison: Comparison): RunKey | undefined =>
  runsOf(comparison).find((key) => !comparison.runs.some(isRun(key)))

/**
 * All settings of a run, and what had to be repaired to get values that fit together. The queue asks for k-NN itself:
 * the run measures nothing on its own.
 */
export function settingsOf(
  method: MethodDescription,
  { base, variants, budget }: Pick<Comparison, 'base' | 'variants' | 'budget'>,
  { variant: id, repeat }: RunKey,
): Resolved {
  const own = variants.find((variant) => variant.id === id)?.values ?? {}
  // Where time counts, the queue fits the schedule as soon as it knows how many steps there will be.
  const { steps, byTime, fitSchedule } = budget
  const seed = (Number(own.seed ?? base.seed ?? 0) + repeat) % SEEDS
  const wanted = {
    ...(fitSchedule && !byTime ? { scheduleSteps: steps } : {}),
    ...own,
    knnEvery: 0,
    seed,
  }
  return resolveSettings(method.table, wanted, base, method.constraints)
}

/** Settings that the comparison gives every run by itself: they are no difference between variants. */
const COMMON: ReadonlySet<string> = new Set(['knnEvery', 'scheduleSteps'])

/** Keys of the settings that differ between the variants, in the table's order. */
export function varied({ table }: MethodDescription, comparison: Comparison): readonly string[] {
  const { base, variants } = comparison
  const differing = new Set(
    variants.flatMap(({ values }) =>
      diffSettings(table, base, { ...base, ...values }).map(({ key }) => key),
    ),
  )
  return Object.keys(table).filter((key) => differing.has(key))
}

/** Settings that a variant may change: all that touch training. */
export const variable = (table: SettingTable): readonly (readonly [string, SettingRow])[] =>
  Object.entries(table).filter(([key, row]) => row.effect !== 'evaluation' && !COMMON.has(key))

/** What variants are made of most often, of those settings that the method has. */
const USUAL = ['maskRatio', 'maskCount', 'datasetSize', 'seed']

/**
 * Settings that are offered first: what the comparisons that the method offers vary, then the usual ones.
 * @param offered its comparisons, as far as they are known
 */
export function suggested(
  { table }: Pick<MethodDescription, 'table'>,
  offered: readonly Offered[] = [],
): readonly string[] {
  const varying = offered.flatMap(({ variants }) =>
    variants.flatMap(({ values }) => Object.keys(values)),
  )
  return [...new Set([...varying, ...USUAL])].filter((key) => table[key] !== undefined)
}

/** "Mask ratio 0.8, Masks 5": what a variant changes, in words; "As the form" where it changes nothing. */
export function labelOf(table: SettingTable, values: SettingValues): string {
  const parts = Object.entries(values).flatMap(([key, value]) => {
    const row = table[key]
    return row ? [`${row.label} ${formatSetting(row, value)}`] : []
  })
  return parts.length > 0 ? parts.join(', ') : 'As the form'
}

/** The values in a list that a person typed (separated by commas, semicolons or blanks), and the words that are none. */
export function readList(
  row: SettingRow,
  text: string,
): { readonly values: readonly SettingValue[]; readonly unread: readonly string[] } {
  const words = text.split(/[,;\s]+/).filter((word) => word !== '')
  const readings = words.map((word) => ({ word, ...readValue(row, word, row.default) }))
  return {
    values: [
      ...new Set(readings.filter(({ problem }) => problem === null).map(({ value }) => value)),
    ],
    unread: readings.filter(({ problem }) => problem !== null).map(({ word }) => word),
  }
}
