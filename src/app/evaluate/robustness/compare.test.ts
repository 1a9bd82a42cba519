import { expect, test } from 'vitest'
import type { EvaluationRecord, RobustnessResult } from '../../../results.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { accuracyTicks, disturbances, placesOf } from './compare.ts'
import { readReport } from './reportFile.ts'
import { sourcesOf } from './sources.ts'

const vit: RobustnessResult = {
  kind: 'robustness',
  representation: 'mean',
  clean: 40,
  tokensRemoved: [
    { amount: 0, accuracy: 40 },
    { amount: 50, accuracy: 30 },
  ],
  patchesFilled: [
    { amount: 0, accuracy: 40 },
    { amount: 50, accuracy: 20 },
  ],
  patchesShuffled: [
    { amount: 1, accuracy: 40 },
    { amount: 8, accuracy: 12 },
  ],
  positions: { permuted: 25, removed: 18 },
  testImages: 100,
}
const cnn: RobustnessResult = {
  ...vit,
  clean: 52,
  tokensRemoved: null,
  patchesFilled: [
    { amount: 0, accuracy: 52 },
    { amount: 30, accuracy: 35 },
  ],
  positions: null,
}
const recordOf = (result: RobustnessResult, step: number): RecordOf<'robustness'> => ({
  step,
  epoch: 1,
  seconds: 9,
  took: 2,
  seed: 1,
  adapter: 'none',
  settings: { robustnessTest: 100 },
  result,
})
const [tokens, filled, shuffled, positions, outlines] = disturbances

test('two results side by side, with gaps where one has nothing', () => {
  expect(placesOf(tokens!, vit, cnn)).toEqual([
    { amount: 0, first: 40, second: null },
    { amount: 50, first: 30, second: null },
  ])
  expect(placesOf(filled!, vit, cnn)).toEqual([
    { amount: 0, first: 40, second: 52 },
    { amount: 30, first: null, second: 35 },
    { amount: 50, first: 20, second: null },
  ])
  expect(placesOf(positions!, vit, null).map(({ first }) => first)).toEqual([40, 25, 18])
  expect(placesOf(positions!, cnn, null)).toEqual([])
  expect(placesOf(tokens!, null, null)).toEqual([])
  const drawn = { ...vit, outlines: { edges: 22, silhouette: 15 } }
  expect(placesOf(outlines!, drawn, vit).map(({ first }) => first)).toEqual([40, 22, 15])
  // A result of a version that did not measure it.
  expect(placesOf(outlines!, vit, null)).toEqual([])
  expect([0, 1, 2].map(positions!.nameOf)).toEqual(['right', 'permuted', 'left out'])
  expect([1, 4].map(shuffled!.nameOf)).toEqual(['whole', '4 × 4'])
})

test('all charts share a scale that holds every accuracy and chance', () => {
  expect(accuracyTicks([vit, cnn])).toEqual([0, 20, 40, 60])
  expect(accuracyTicks([{ ...vit, clean: 11 }, null]).at(-1)).toBeGreaterThanOrEqual(40)
  expect(accuracyTicks([null, null])).toEqual([0, 5, 10, 15, 20])
  const all = { ...vit, patchesFilled: [{ amount: 0, accuracy: 100 }] }
  expect(accuracyTicks([all, null])).toEqual([0, 20, 40, 60, 80, 100])
})

test('one may compare with all results but the one that is shown', () => {
  const [first, last] = [recordOf(vit, 10), recordOf(vit, 1200)]
  const other: EvaluationRecord = recordOf(cnn, 300)
  const opened = [{ fileName: 'evaluation.json', method: 'a2mim', record: recordOf(cnn, 5) }]
  const compared = [{ runId: 3, method: 'a2mim', values: {}, step: 400, records: [other] }]
  const names = {
    method: (id: string) => id.toUpperCase(),
    representation: (id: string) => `${id}s`,
  }
  const sources = sourcesOf([first, last], compared, opened, last, names)
  expect(sources.map(({ name }) => name)).toEqual([
    'This run, step 10, means',
    'A2MIM, run 3, step 300',
    'evaluation.json (A2MIM, step 5)',
  ])
  expect(new Set(sources.map(({ key }) => key)).size).toBe(3)
  expect(sourcesOf([first, last], [], [], null, names).map(({ record }) => record.step)).toEqual([
    1200, 10,
  ])
})

const report = {
  format: 'peekaboo-evaluation',
  version: 1,
  checkpoint: { method: 'a2mim', step: 500, epoch: 1.5, seconds: 60, file: 'a.safetensors' },
  adapter: { name: 'SwiftShader', software: true, detail: '' },
  seed: 4,
  took: { robustness: 7.5 },
  settings: { robustnessTest: 100 },
  robustness: vit,
}

test('an evaluation.json is read with what it was made of', () => {
  const { fileName, method, record } = readReport('e.json', JSON.stringify(report))
  expect({ fileName, method }).toEqual({ fileName: 'e.json', method: 'a2mim' })
  expect(record).toEqual({
    step: 500,
    epoch: 1.5,
    seconds: 60,
    took: 7.5,
    seed: 4,
    adapter: 'SwiftShader',
    settings: { robustnessTest: 100 },
    result: vit,
  })
})

test.each([
  ['no JSON', 'PK\u0003', 'not an evaluation'],
  ['settings', JSON.stringify({ kind: 'peekaboo-settings' }), 'not an evaluation'],
  ['a list', '[]', 'not an evaluation'],
  ['a later version', JSON.stringify({ ...report, version: 2 }), 'another version'],
  ['no robustness', JSON.stringify({ ...report, robustness: null }), 'no robustness'],
  ['half a result', JSON.stringify({ ...report, robustness: { ...vit, clean: '40' } }), 'damaged'],
  ['another result', JSON.stringify({ ...report, robustness: { kind: 'knn' } }), 'damaged'],
  ['no checkpoint', JSON.stringify({ ...report, checkpoint: null }), 'damaged'],
  ['no time', JSON.stringify({ ...report, took: {} }), 'damaged'],
])('%s is refused', (_, text, reason) => {
  expect(() => readReport('e.json', text)).toThrow(reason)
})
