import { expect, test } from 'vitest'
import type { EvaluationRequest, ImageAddress } from '../results.ts'
import { testImagesFor } from './evaluationNeeds.ts'

const settings = {
  knnTest: 300,
  probeTest: 200,
  robustnessTest: 100,
  detectionTest: 50,
  shapesTest: 40,
}
const test7: ImageAddress = { split: 'test', index: 7 }
const test2: ImageAddress = { split: 'test', index: 2 }
const train90: ImageAddress = { split: 'train', index: 90 }
const crops = (query: ImageAddress, among: ImageAddress): EvaluationRequest => ({
  kind: 'crops',
  representation: 'class',
  query,
  queryArea: 1,
  among,
})

test.each<[EvaluationRequest, number]>([
  [{ kind: 'knn' }, 300],
  [{ kind: 'linear', representation: 'class' }, 200],
  [{ kind: 'robustness', representation: 'class' }, 200],
  [{ kind: 'detection' }, 50],
  [{ kind: 'shapes', representation: 'class' }, 40],
  [{ kind: 'interactions', representation: 'class' }, 200],
  [{ kind: 'neighbours', representation: 'class', query: test7 }, 8],
  [{ kind: 'neighbours', representation: 'class', query: train90 }, 1],
  [crops(test7, test2), 8],
  [crops(test2, test7), 8],
  [crops(train90, test2), 3],
  [crops(train90, train90), 1],
])('%j wants the first %d test images', (request, count) => {
  expect(testImagesFor(request, settings)).toBe(count)
})
