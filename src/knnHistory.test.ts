import { describe, expect, test } from 'vitest'
import { historyWarnings, LEAST_FALL, LEAST_GAIN, PATIENCE_STEPS } from './knnHistory.ts'
import type { EvaluationRecord, KnnResult } from './results.ts'

const FLOOR = 28

function resultOf(accuracy: number, test = 10_000): KnnResult {
  const health = { deviation: 0.1, dimensions: 96, effectiveRank: 30, tokenSimilarity: null }
  return {
    kind: 'knn',
    scores: [
      { representation: 'instance', accuracy, health },
      { representation: 'other', accuracy: 10, health },
    ],
    floors: { rawPixels: 37, randomInit: 20, randomInitOf: { instance: FLOOR } },
    bank: 5000,
    test,
    neighbours: 20,
    temperature: 0.07,
  }
}

/** Results every so many steps, the first one before training. */
const history = (
  accuracies: readonly number[],
  every = PATIENCE_STEPS,
  test?: number,
): EvaluationRecord<KnnResult>[] =>
  accuracies.map((accuracy, at) => ({
    step: at * every,
    epoch: at,
    seconds: at,
    took: 1,
    seed: 0,
    adapter: 'Test',
    settings: {},
    result: resultOf(accuracy, test),
  }))

const warningsOf = (records: EvaluationRecord<KnnResult>[], hasTeacher = true) =>
  historyWarnings(records, { hasTeacher })

describe('features that get worse again', () => {
  const risen = [FLOOR, 35, 45, 50, 52, 50]

  test('are told with peak, place and fall', () => {
    expect(warningsOf(history([...risen, 47, 46, 45]))).toEqual([
      'k-NN was 50.7 % around step 4,000 and is 46.0 % now: 4.7 points lower. The network may be over-fitting its training images: more images or a shorter run would help.',
    ])
  })

  test('are not what rises, stays or wavers', () => {
    expect(warningsOf(history([...risen, 51, 52, 53]))).toEqual([])
    expect(warningsOf(history([...risen, 50.7, 50.7, 50.7]))).toEqual([])
    expect(warningsOf(history([...risen, 40, 51, 51]))).toHaveLength(1)
    expect(warningsOf(history([...risen, 40, 55, 56]))).toEqual([])
  })

  test('are told from the threshold on, and only where so many images tell it from chance', () => {
    const peak = (50 + 52 + 50) / 3
    const end = (fall: number) => Array.from({ length: 3 }, () => peak - fall)
    expect(warningsOf(history([...risen, ...end(LEAST_FALL - 0.1)]))).toEqual([])
    expect(warningsOf(history([...risen, ...end(LEAST_FALL + 0.1)]))).toHaveLength(1)
    // 95 % of 500 images: 4.4 points.
    expect(warningsOf(history([...risen, ...end(4.2)], PATIENCE_STEPS, 500))).toEqual([])
    expect(warningsOf(history([...risen, ...end(4.6)], PATIENCE_STEPS, 500))).toHaveLength(1)
  })

  test('are not those that were measured otherwise', () => {
    const records = history([...risen, 45, 45, 45])
    const other = records.map((record, at) =>
      at < 6 ? { ...record, result: { ...record.result, bank: 1000 } } : record,
    )
    expect(warningsOf(other)).toEqual([])
  })
})

describe('features that never get better', () => {
  const level = (above: number, count = 3) =>
    history([FLOOR, ...Array.from({ length: count }, () => FLOOR + above)])

  test('are told with the floor of the untrained network', () => {
    expect(warningsOf(level(0.4))).toEqual([
      'After 3,000 steps k-NN is 28.4 % at best, no better than the untrained network (28.0 %): nothing has been learned that tells images apart. The task may be too easy to need it, or the teacher follows so slowly that it stands still.',
    ])
    expect(warningsOf(level(0.4), false)[0]).toMatch(/easy to need it\.$/)
  })

  test('are told up to the threshold', () => {
    expect(warningsOf(level(LEAST_GAIN - 0.01))).toHaveLength(1)
    expect(warningsOf(level(LEAST_GAIN + 0.01))).toEqual([])
    expect(warningsOf(level(-5))).toHaveLength(1)
  })

  test('are given time', () => {
    expect(warningsOf(level(0, 2))).toEqual([])
    const early = history([FLOOR, FLOOR, FLOOR, FLOOR], (PATIENCE_STEPS - 1) / 3)
    expect(warningsOf(early)).toEqual([])
  })
})

test('says nothing of nothing', () => {
  expect(warningsOf([])).toEqual([])
  expect(warningsOf(history([FLOOR]))).toEqual([])
})
