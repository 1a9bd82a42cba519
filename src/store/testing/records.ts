import type {
  Classification,
  CurvePoint,
  EvaluationRecord,
  EvaluationResult,
  InteractionsResult,
  KnnResult,
  LinearResult,
  NeighboursResult,
} from '../../results.ts'

/** A record as the worker sends it: of a step of which nothing else is told. */
export const recordAt = <R extends EvaluationResult>(
  step: number,
  result: R,
  took = 1 + step / 1000,
): EvaluationRecord<R> => ({
  step,
  epoch: step / 100,
  seconds: step / 10,
  took,
  seed: 0,
  adapter: 'Test',
  settings: {},
  result,
})

/** k-NN of two representations. */
export const knnResult = (accuracy: number): KnnResult => ({
  kind: 'knn',
  scores: ['patches', 'class'].map((representation, at) => ({
    representation,
    accuracy: accuracy - at,
    health: { deviation: 0.07, dimensions: 192, effectiveRank: 60, tokenSimilarity: 0.4 },
  })),
  floors: { rawPixels: 37.2, randomInit: 30, randomInitOf: { patches: 30, class: 28 } },
  bank: 5000,
  test: 2000,
  neighbours: 20,
  temperature: 0.07,
})

/** A point of a classifier's curve. */
export const curvePoint = (epoch: number): CurvePoint => ({
  epoch,
  loss: 2 / epoch,
  trainAccuracy: 10 + epoch,
  testAccuracy: 9 + epoch,
})

/** A classifier that takes every image for its own class, or for the next one. */
export const classification = (right = 90): Classification => ({
  curve: [curvePoint(1), curvePoint(2)],
  trainAccuracy: 12,
  testAccuracy: right,
  confusion: Array.from({ length: 10 }, (_, label) =>
    Array.from({ length: 10 }, (__, other) =>
      other === label ? right : other === (label + 1) % 10 ? 100 - right : 0,
    ),
  ),
  mistakes: [{ index: 3, label: 5, predicted: 6, confidence: 0.9 }],
})

export const linearResult = (representation = 'patches'): LinearResult => ({
  kind: 'linear',
  representation,
  trainImages: 1000,
  testImages: 1000,
  ...classification(),
})

/** Interactions of two networks at the orders of 4 × 4 cells' ends and middle. */
export const interactionsResult = (accuracy = 45, images = 8): InteractionsResult => ({
  kind: 'interactions',
  representation: 'patches',
  grid: 4,
  reward: 'modified',
  exact: false,
  pairs: 8,
  contexts: 16,
  curves: (['trained', 'untrained'] as const).map((network, at) => ({
    network,
    accuracy: accuracy - 20 * at,
    images,
    points: [0, 7, 14].map((order) => {
      const strength = {
        value: 0.2 + order / 100 + at,
        error: 0.02,
        relative: 0.9 + order / 70,
        relativeError: 0.1,
      }
      return {
        order,
        published: strength,
        debiased: { ...strength, relative: strength.relative / 2 },
      }
    }),
  })),
})

export const neighboursResult: NeighboursResult = {
  kind: 'neighbours',
  representation: 'patches',
  query: { split: 'test', index: 0, label: 3 },
  features: [{ index: 5, label: 3, distance: 0.1 }],
  pixels: [{ index: 9, label: 1, distance: 0.2 }],
  bank: 5000,
}
