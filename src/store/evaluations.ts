import {
  isLasting,
  type CurvePoint,
  type EvaluationKind,
  type EvaluationProgress,
  type EvaluationRecord,
  type EvaluationRequest,
  type EvaluationResult,
  type InteractionsResult,
} from '../results.ts'
import type { SettingValues } from '../settings/rows.ts'

/** A result of one kind with what is needed to get it again. */
export type RecordOf<K extends EvaluationKind> = EvaluationRecord<
  Extract<EvaluationResult, { readonly kind: K }>
>

/** A result that stays with the run, of one kind. */
export type KeptKind = EvaluationRecord['result']['kind']

/** Which training a live curve is of. */
export type CurveName = NonNullable<EvaluationProgress['point']>['curve']

/** The points of the classifiers that are being trained. */
export type LiveCurves = Readonly<Partial<Record<CurveName, readonly CurvePoint[]>>>

/** The panels of the Evaluate tab. */
export type EvaluationSection =
  | 'overview'
  | 'linear'
  | 'finetune'
  | 'neighbours'
  | 'crops'
  | 'map'
  | 'robustness'
  | 'detection'
  | 'shapes'
  | 'interactions'

/** An earlier run of this visit, with what was found about it. */
export interface ComparedRun {
  readonly runId: number
  readonly method: string
  readonly values: SettingValues
  /** Steps done when it was replaced. */
  readonly step: number
  readonly records: readonly EvaluationRecord[]
}

/** What the page knows of evaluations: of the present run, and of earlier ones of this visit. */
export interface Evaluations {
  /** Results that stay with the run, by step. */
  readonly kept: readonly EvaluationRecord[]
  /** The latest result of every kind, also of those that are not kept. */
  readonly latest: { readonly [K in EvaluationKind]?: RecordOf<K> }
  /** How far those have come that are under way; `waiting` before the worker has begun. */
  readonly progress: Readonly<Partial<Record<EvaluationKind, EvaluationProgress | 'waiting'>>>
  /** Curves of the evaluations under way, or of those that ended last. */
  readonly curves: Readonly<Partial<Record<EvaluationKind, LiveCurves>>>
  /** What the interactions under way have shown; null before their first image and after their last. Never kept. */
  readonly sofar: InteractionsResult | null
  /** Newest first. */
  readonly compared: readonly ComparedRun[]
  /** The panel in front. */
  readonly section: EvaluationSection
  /** The representation that a person has chosen for an evaluation, by id. */
  readonly chosen: Readonly<Partial<Record<EvaluationKind, string>>>
}

/** Earlier runs that are remembered. */
export const COMPARED_RUNS = 8

export const noEvaluations: Evaluations = {
  kept: [],
  latest: {},
  progress: {},
  curves: {},
  sofar: null,
  compared: [],
  section: 'overview',
  chosen: {},
}

/** An evaluation has been asked for. */
export const asked = (state: Evaluations, { kind }: EvaluationRequest): Evaluations => ({
  ...state,
  progress: { ...state.progress, [kind]: 'waiting' },
  curves: { ...state.curves, [kind]: {} },
  sofar: sofarOf(state, kind),
})

/** An evaluation has come further; null when it is over. */
export function advanced(
  state: Evaluations,
  kind: EvaluationKind,
  progress: EvaluationProgress | null,
): Evaluations {
  const { [kind]: before, ...others } = state.progress
  if (progress === null) return { ...state, progress: others, sofar: sofarOf(state, kind) }
  const curves = before === undefined ? {} : (state.curves[kind] ?? {})
  return {
    ...state,
    progress: { ...others, [kind]: progress },
    curves: { ...state.curves, [kind]: withPoint(curves, progress.point) },
    // Between two images nothing new is told: what was shown stays.
    sofar: progress.sofar ?? state.sofar,
  }
}

/** A result has come. */
export function found(state: Evaluations, record: EvaluationRecord<EvaluationResult>): Evaluations {
  const latest = { ...state.latest, [record.result.kind]: record }
  return isLasting(record)
    ? { ...state, latest, kept: merged(state.kept, [record]) }
    : { ...state, latest }
}

/** The worker has told all results that stay with the run; those that only the page has remain. */
export function told(state: Evaluations, records: readonly EvaluationRecord[]): Evaluations {
  const kept = merged(state.kept, records)
  return { ...state, kept, latest: { ...state.latest, ...latestOf(kept) } }
}

/** The run has gone back: what was found after `step` is found once more, or not at all. */
export function rewound(state: Evaluations, step: number): Evaluations {
  const kept = state.kept.filter((record) => record.step <= step)
  const transient = Object.entries(state.latest).filter(([, record]) => record.step <= step)
  const latest = { ...(Object.fromEntries(transient) as Evaluations['latest']), ...latestOf(kept) }
  return { ...state, kept, latest }
}

/** Nothing is under way any more: the worker is gone. */
export const interrupted = (state: Evaluations): Evaluations => ({
  ...state,
  progress: {},
  sofar: null,
})

/** Another run begins; the one before is remembered for comparison where something was found about it. */
export function replaced(
  state: Evaluations,
  before: Omit<ComparedRun, 'records'> | null,
): Evaluations {
  const { kept, compared, section, chosen } = state
  const earlier = before && kept.length > 0 ? [{ ...before, records: kept }, ...compared] : compared
  return {
    ...noEvaluations,
    compared: earlier.slice(0, COMPARED_RUNS),
    section,
    chosen,
  }
}

/** Records of one kind, in the order of their steps. */
export const recordsOf = <K extends KeptKind>(
  records: readonly EvaluationRecord[],
  kind: K,
): readonly RecordOf<K>[] =>
  records.filter((record): record is RecordOf<K> & EvaluationRecord => record.result.kind === kind)

/** What is shown when an evaluation begins or ends: only interactions show something before their end. */
const sofarOf = ({ sofar }: Evaluations, kind: EvaluationKind): Evaluations['sofar'] =>
  kind === 'interactions' ? null : sofar

function withPoint(curves: LiveCurves, point: EvaluationProgress['point']): LiveCurves {
  if (!point) return curves
  const { curve, ...rest } = point
  const points = curves[curve] ?? []
  // Progress of the same epoch may be told more than once.
  if (points.at(-1)?.epoch === point.epoch) return curves
  return { ...curves, [curve]: [...points, rest] }
}

/** Both lists by step, every record once; those of the same step in the order in which they came. */
function merged(
  records: readonly EvaluationRecord[],
  more: readonly EvaluationRecord[],
): readonly EvaluationRecord[] {
  const known = new Set(records.map(identityOf))
  const fresh = more.filter((record) => !known.has(identityOf(record)))
  return [...records, ...fresh].sort((a, b) => a.step - b.step)
}

/** No two evaluations of a kind at the same step take the same time to the last digit. */
const identityOf = ({ step, took, result }: EvaluationRecord): string =>
  `${result.kind} ${step} ${took}`

const latestOf = (kept: readonly EvaluationRecord[]): Evaluations['latest'] =>
  Object.fromEntries(kept.map((record) => [record.result.kind, record]))
