import type {
  CurvePoint,
  Classification,
  DetectionResult,
  DetectorReport,
  DetectorScore,
  DistanceScore,
  EvaluationRecord,
  FeatureHealth,
  FinetuneResult,
  InteractionCurve,
  InteractionPoint,
  InteractionsResult,
  KnnResult,
  KnnScore,
  LastingResult,
  LinearResult,
  Mistake,
  RobustnessPoint,
  RobustnessResult,
  RocPoint,
  ShapesResult,
  ShapesScore,
  Strength,
} from './results.ts'

/**
 * The results that stay with a run: which of them are kept, and how they are written into checkpoints and read back.
 * What is read comes from a file and may be anything: a record that is not whole is left out.
 */

/** k-NN results that are kept, spread evenly over the steps. */
export const MOST_KNN = 500
/** Results that are kept of every other kind: the last ones. */
export const MOST_OTHERS = 8

/** The records that are kept when there is another one, in the order in which they came. */
export function withRecord(
  records: readonly EvaluationRecord[],
  record: EvaluationRecord,
): readonly EvaluationRecord[] {
  const { kind } = record.result
  const ofKind = [...records.filter(({ result }) => result.kind === kind), record]
  const surplus =
    kind === 'knn'
      ? ofKind.length > MOST_KNN && mostCrowded(ofKind)
      : ofKind.length > MOST_OTHERS && ofKind[0]
  return [...records, record].filter((each) => each !== surplus)
}

/** The record in the smallest gap between its neighbours; never the first or the last one. */
function mostCrowded(records: readonly EvaluationRecord[]): EvaluationRecord {
  const gap = (at: number) => records[at + 1]!.step - records[at - 1]!.step
  let best = 1
  for (let at = 2; at < records.length - 1; at++) if (gap(at) < gap(best)) best = at
  return records[best]!
}

/** The records as a text for a checkpoint; empty when there are none. */
export const writeRecords = (records: readonly EvaluationRecord[]): string =>
  records.length > 0 ? JSON.stringify(records) : ''

/** The records in a text of `writeRecords`; those that are not whole are left out. Never throws. */
export function readRecords(text: string): readonly EvaluationRecord[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Whether something has every part of a record. */
export const isRecord = (value: unknown): value is EvaluationRecord => record(value)

/** Whether something has every part of a result that stays with a run. */
export const isResult = (value: unknown): value is LastingResult =>
  isObject(value) && results.get(value.kind)?.(value) === true

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const amount: Check = (value) => number(value) && (value as number) >= 0
const percent: Check = (value) => amount(value) && (value as number) <= 100
const share: Check = (value) => amount(value) && (value as number) <= 1
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)

const byName =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check)

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)

/** An object with at least these fields. */
const objectOf =
  <T>(fields: Readonly<Record<keyof T, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries<Check>(fields).every(
      ([key, check]) => Object.hasOwn(value, key) && check(value[key]),
    )

const health = objectOf<FeatureHealth>({
  deviation: amount,
  dimensions: count,
  effectiveRank: amount,
  tokenSimilarity: orNull(number),
})

const knn = objectOf<KnnResult>({
  kind: text,
  scores: listOf(objectOf<KnnScore>({ representation: text, accuracy: percent, health })),
  floors: objectOf<KnnResult['floors']>({
    rawPixels: percent,
    randomInit: percent,
    randomInitOf: byName(percent),
  }),
  bank: count,
  test: count,
  neighbours: count,
  temperature: amount,
})

const square: Check = (value) =>
  listOf(listOf(count))(value) &&
  (value as unknown[][]).every((row, _, rows) => row.length === rows.length)

const classificationFields: Readonly<Record<keyof Classification, Check>> = {
  curve: listOf(
    objectOf<CurvePoint>({
      epoch: amount,
      loss: number,
      trainAccuracy: percent,
      testAccuracy: percent,
    }),
  ),
  trainAccuracy: percent,
  testAccuracy: percent,
  confusion: square,
  mistakes: listOf(
    objectOf<Mistake>({ index: count, label: count, predicted: count, confidence: share }),
  ),
}

/** The classes of the mistakes are those of the confusion matrix. */
const classification =
  (check: Check): Check =>
  (value) => {
    if (!check(value)) return false
    const { confusion, mistakes } = value as Classification
    return mistakes.every(({ label, predicted }) => Math.max(label, predicted) < confusion.length)
  }

const linear = classification(
  objectOf<LinearResult>({
    ...classificationFields,
    kind: text,
    representation: text,
    trainImages: count,
    testImages: count,
  }),
)

const trained = classification(objectOf<Classification>(classificationFields))

const finetune = objectOf<FinetuneResult>({
  kind: text,
  representation: text,
  labels: percent,
  trainImages: count,
  testImages: count,
  steps: count,
  pretrained: trained,
  scratch: orNull(trained),
})

const points = listOf(objectOf<RobustnessPoint>({ amount, accuracy: percent }))

const outlines = objectOf<NonNullable<RobustnessResult['outlines']>>({
  edges: percent,
  silhouette: percent,
})

const robustnessFields = objectOf<Omit<RobustnessResult, 'outlines'>>({
  kind: text,
  representation: text,
  clean: percent,
  tokensRemoved: orNull(points),
  patchesFilled: points,
  patchesShuffled: points,
  positions: orNull(
    objectOf<NonNullable<RobustnessResult['positions']>>({ permuted: percent, removed: percent }),
  ),
  testImages: count,
})

const robustness: Check = (value) => {
  if (!robustnessFields(value)) return false
  const found = (value as RobustnessResult).outlines
  return found === undefined || outlines(found)
}

const detector = objectOf<DetectorReport>({
  scores: (value) =>
    listOf(
      objectOf<DetectorScore>({
        policy: text,
        label: text,
        misplaced: percent,
        bce: amount,
        prior: amount,
        auroc: share,
        balancedAccuracy: percent,
      }),
    )(value) && (value as unknown[]).length > 0,
  roc: listOf(objectOf<RocPoint>({ falseAlarms: percent, found: percent })),
  distances: listOf(
    objectOf<DistanceScore>({
      distance: amount,
      tokens: count,
      auroc: share,
      bce: amount,
      balancedAccuracy: percent,
    }),
  ),
  blank: share,
})

const detection = objectOf<DetectionResult>({
  kind: text,
  trained: detector,
  untrained: detector,
  testImages: count,
  tokens: count,
})

const shapesScore = objectOf<ShapesScore>({
  trained: percent,
  untrained: percent,
  rawPixels: percent,
  trainImages: count,
  testImages: count,
})

const shapesFields = objectOf<ShapesResult>({
  kind: text,
  representation: text,
  shape: shapesScore,
  texture: shapesScore,
  outlines: listOf(text),
  confusion: square,
})

const shapes: Check = (value) =>
  shapesFields(value) &&
  (value as ShapesResult).outlines.length === (value as ShapesResult).confusion.length

const oneOf =
  (names: readonly string[]): Check =>
  (value) =>
    names.some((name) => name === value)

const strength = objectOf<Strength>({
  value: amount,
  error: amount,
  relative: amount,
  relativeError: amount,
})

const interactionPoints = listOf(
  objectOf<InteractionPoint>({ order: count, published: strength, debiased: strength }),
)

const rising: Check = (value) =>
  interactionPoints(value) &&
  (value as InteractionPoint[]).every(
    ({ order }, at, all) => at === 0 || order > all[at - 1]!.order,
  )

const interactions = objectOf<InteractionsResult>({
  kind: text,
  representation: text,
  grid: count,
  reward: oneOf(['modified', 'logp', 'logit'] satisfies InteractionsResult['reward'][]),
  exact: (value) => typeof value === 'boolean',
  pairs: count,
  contexts: count,
  curves: listOf(
    objectOf<InteractionCurve>({
      network: oneOf([
        'trained',
        'untrained',
        'supervised',
      ] satisfies InteractionCurve['network'][]),
      accuracy: percent,
      images: count,
      points: rising,
    }),
  ),
})

const results = new Map<unknown, Check>(
  Object.entries<Check>({
    knn,
    linear,
    finetune,
    robustness,
    detection,
    shapes,
    interactions,
  } satisfies Record<LastingResult['kind'], Check>),
)

const record = objectOf<EvaluationRecord>({
  step: count,
  epoch: amount,
  seconds: amount,
  took: amount,
  seed: count,
  adapter: text,
  settings: byName((value) => number(value) || text(value) || typeof value === 'boolean'),
  result: isResult,
})
