import { describe, expect, it } from 'vitest'
import {
  MOST_KNN,
  MOST_OTHERS,
  readRecords,
  withRecord,
  writeRecords,
} from './evaluationRecords.ts'
import {
  isLasting,
  type Classification,
  type EvaluationRecord,
  type LastingResult,
} from './results.ts'

const recordOf = (result: LastingResult, step = 10): EvaluationRecord => ({
  step,
  epoch: 0.5,
  seconds: 3,
  took: 1.25,
  seed: 4,
  adapter: 'some GPU',
  settings: { knnBank: 5000, finetuneLabels: '10', finetuneScratch: true },
  result,
})

const knn: LastingResult = {
  kind: 'knn',
  scores: [
    {
      representation: 'class',
      accuracy: 40.05,
      health: { deviation: 0.05, dimensions: 192, effectiveRank: 80.5, tokenSimilarity: null },
    },
  ],
  floors: { rawPixels: 37.2, randomInit: 30, randomInitOf: { class: 30 } },
  bank: 5000,
  test: 2000,
  neighbours: 20,
  temperature: 0.07,
}

const classification: Classification = {
  curve: [{ epoch: 1, loss: 2.3, trainAccuracy: 10, testAccuracy: 11 }],
  trainAccuracy: 50,
  testAccuracy: 40,
  confusion: [
    [3, 1],
    [0, 4],
  ],
  mistakes: [{ index: 7, label: 0, predicted: 1, confidence: 0.9 }],
}
const sizes = { trainImages: 100, testImages: 8 }
const linear: LastingResult = {
  kind: 'linear',
  representation: 'class',
  ...sizes,
  ...classification,
}
const finetune: LastingResult = {
  kind: 'finetune',
  representation: 'class',
  ...sizes,
  labels: 10,
  steps: 30,
  pretrained: classification,
  scratch: null,
}
const robustness: LastingResult = {
  kind: 'robustness',
  representation: 'class',
  clean: 40,
  tokensRemoved: [{ amount: 25, accuracy: 35 }],
  patchesFilled: [],
  patchesShuffled: [{ amount: 2, accuracy: 20 }],
  positions: { permuted: 12, removed: 14 },
  testImages: 2000,
}

const detector = {
  scores: [
    {
      ...{ policy: 'dropped', label: 'Dropped cells', misplaced: 20, bce: 0.4, prior: 0.5 },
      ...{ auroc: 0.8, balancedAccuracy: 70 },
    },
  ],
  roc: [{ falseAlarms: 0, found: 10 }],
  distances: [{ distance: 2, tokens: 30, auroc: 0.7, bce: 1.5, balancedAccuracy: 65 }],
  blank: 0.5,
}
const detection: LastingResult = {
  kind: 'detection',
  trained: detector,
  untrained: { ...detector, distances: [] },
  testImages: 100,
  tokens: 32,
}
const score = { trained: 40, untrained: 20, rawPixels: 15, trainImages: 500, testImages: 200 }
const shapes: LastingResult = {
  kind: 'shapes',
  representation: 'class',
  shape: score,
  texture: score,
  outlines: ['disc', 'star'],
  confusion: [
    [5, 5],
    [2, 8],
  ],
}

const strength = { value: 0.5, error: 0.125, relative: 1.5, relativeError: 0.25 }
const interactions: LastingResult = {
  kind: 'interactions',
  representation: 'class',
  grid: 4,
  reward: 'modified',
  exact: false,
  pairs: 8,
  contexts: 16,
  curves: [
    {
      network: 'trained',
      accuracy: 45,
      images: 8,
      points: [0, 7].map((order) => ({ order, published: strength, debiased: strength })),
    },
  ],
}

const all = [knn, linear, finetune, robustness, detection, shapes, interactions].map((result) =>
  recordOf(result),
)

describe('records in a checkpoint', () => {
  it('come back as they were', () => {
    expect(readRecords(writeRecords(all))).toEqual(all)
    const others = [
      recordOf({ ...finetune, scratch: classification }),
      recordOf({ ...robustness, tokensRemoved: null, positions: null }),
      recordOf({ ...robustness, outlines: { edges: 20, silhouette: 15 } }),
    ]
    expect(readRecords(writeRecords(others))).toEqual(others)
  })

  it('may be none', () => {
    expect(writeRecords([])).toBe('')
    expect(readRecords('')).toEqual([])
  })

  it.each(['nonsense', '{', 'null', '7', '{"kind":"knn"}', '[[[]]]', '[null,1,"x",{}]'])(
    'that are %s are none',
    (text) => expect(readRecords(text)).toEqual([]),
  )

  /** Every way to spoil one value somewhere within another. */
  function* spoiled(value: unknown): Generator {
    if (typeof value !== 'object' || value === null) {
      // No field may be text where a number is wanted, or the other way round.
      yield typeof value === 'string' ? 5 : 'text'
      return
    }
    for (const [key, inner] of Object.entries(value))
      for (const other of spoiled(inner))
        yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other }
  }

  it('are left out when anything in them is of another type, or missing', () => {
    let count = 0
    for (const { settings, ...record } of all) {
      for (const bad of spoiled(record)) {
        count++
        const text = JSON.stringify([{ ...(bad as object), settings }, all[0]])
        expect(readRecords(text), text).toEqual([all[0]])
      }
      for (const key of Object.keys(record)) {
        const rest = Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
        expect(readRecords(JSON.stringify([{ ...rest, settings }]))).toEqual([])
      }
      for (const key of Object.keys(record.result)) {
        const result = Object.fromEntries(
          Object.entries(record.result).filter(([name]) => name !== key),
        )
        expect(readRecords(JSON.stringify([{ ...record, settings, result }]))).toEqual([])
      }
    }
    expect(count).toBeGreaterThan(80)
  })

  it.each<[string, unknown]>([
    ['an accuracy above 100', { ...knn, floors: { ...knn.floors, rawPixels: 101 } }],
    ['a number that JSON lacks', { ...knn, temperature: NaN }],
    ['a matrix that is not square', { ...linear, confusion: [[1, 2]] }],
    [
      'a class beyond the matrix',
      { ...linear, mistakes: [{ ...classification.mistakes[0], predicted: 2 }] },
    ],
    ['half an image', { ...linear, testImages: 0.5 }],
    ['a kind that is not kept', { ...knn, kind: 'map' }],
    ['a kind that everything has', { ...knn, kind: 'constructor' }],
    ['a reward that there is not', { ...interactions, reward: 'fame' }],
    [
      'orders that do not rise',
      {
        ...interactions,
        curves: interactions.curves.map((curve) => ({
          ...curve,
          points: curve.points.toReversed(),
        })),
      },
    ],
    ['settings within settings', null],
  ])('are left out for %s', (_, result) => {
    const bad = result === null ? { ...all[0]!, settings: { a: {} } } : { ...all[0]!, result }
    expect(readRecords(JSON.stringify([bad, ...all]))).toEqual(all)
  })
})

describe('records of a run', () => {
  it('of most kinds are the last few', () => {
    let records: readonly EvaluationRecord[] = [recordOf(knn, 0)]
    for (let step = 1; step <= 20; step++) {
      records = withRecord(records, recordOf(linear, step))
      records = withRecord(records, recordOf(robustness, step))
    }
    const stepsOf = (kind: string) =>
      records.filter(({ result }) => result.kind === kind).map(({ step }) => step)
    const last = Array.from({ length: MOST_OTHERS }, (_, at) => 21 - MOST_OTHERS + at)
    expect(stepsOf('linear')).toEqual(last)
    expect(stepsOf('robustness')).toEqual(last)
    expect(stepsOf('knn')).toEqual([0])
  })

  it('of k-NN are thinned evenly, with the first and the last', () => {
    let records: readonly EvaluationRecord[] = [recordOf(linear, 3)]
    const last = 2 * MOST_KNN + 345
    for (let step = 0; step <= last; step++) records = withRecord(records, recordOf(knn, step))
    const steps = records.filter(({ result }) => result.kind === 'knn').map(({ step }) => step)
    expect(steps).toHaveLength(MOST_KNN)
    expect([steps[0], steps.at(-1)]).toEqual([0, last])
    const gaps = steps.slice(1).map((step, at) => step - steps[at]!)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4)
    expect(records[0]!.result.kind).toBe('linear')
  })

  it('are of kinds that last', () => {
    for (const record of all) expect(isLasting(record)).toBe(true)
    const query = { split: 'train', index: 1, label: 1 } as const
    const neighbours = { representation: 'class', query, features: [], pixels: [], bank: 1 }
    expect(isLasting({ ...all[0]!, result: { kind: 'neighbours', ...neighbours } })).toBe(false)
    const box = { top: 0, left: 0, height: 32, width: 32 }
    const crops = { representation: 'class', query: { ...query, box }, among: query, crops: [] }
    expect(isLasting({ ...all[0]!, result: { kind: 'crops', ...crops } })).toBe(false)
  })
})
