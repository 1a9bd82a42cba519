import { expect, test } from 'vitest'
import type { EvaluationRecord, RobustnessResult } from '../../../results.ts'
import { interactionsResult, recordAt } from '../../../store/testing/records.ts'
import { nothingOpened, withOpened } from './chosen.ts'
import { readReport, writeReport } from './reportFile.ts'
import { sourcesOf } from './sources.ts'

const robustness: RobustnessResult = {
  kind: 'robustness',
  representation: 'mean',
  clean: 40,
  tokensRemoved: null,
  patchesFilled: [{ amount: 50, accuracy: 20 }],
  patchesShuffled: [],
  positions: null,
  testImages: 100,
}
const interactions = interactionsResult()

test('one may compare with all results of a kind but the one that is shown', () => {
  const [first, last] = [recordAt(10, robustness), recordAt(1200, robustness)]
  const other: EvaluationRecord = recordAt(300, robustness)
  const opened = [
    { fileName: 'evaluation.json', method: 'a2mim', records: [recordAt(5, robustness)] },
    { fileName: 'b.json', method: 'a2mim', records: [recordAt(6, interactions)] },
  ]
  const compared = [{ runId: 3, method: 'a2mim', values: {}, step: 400, records: [other] }]
  const names = {
    method: (id: string) => id.toUpperCase(),
    representation: (id: string) => `${id}s`,
  }
  const known = { kept: [first, last], compared, opened, shown: last }
  const sources = sourcesOf('robustness', known, names)
  expect(sources.map(({ name }) => name)).toEqual([
    'This run, step 10, means',
    'A2MIM, run 3, step 300',
    'evaluation.json (A2MIM, step 5)',
  ])
  expect(new Set(sources.map(({ key }) => key)).size).toBe(3)
  expect(sourcesOf('interactions', { ...known, shown: null }, names)).toMatchObject([
    { key: 'file 1', name: 'b.json (A2MIM, step 6)' },
  ])
  const all = { ...known, compared: [], opened: [], shown: null }
  expect(sourcesOf('robustness', all, names).map(({ record }) => record.step)).toEqual([1200, 10])
})

const report = {
  format: 'peekaboo-evaluation',
  version: 1,
  checkpoint: { method: 'a2mim', step: 500, epoch: 1.5, seconds: 60, file: 'a.safetensors' },
  adapter: { name: 'SwiftShader', software: true, detail: '' },
  seed: 4,
  took: { robustness: 7.5, interactions: 30 },
  settings: { robustnessTest: 100 },
  robustness,
}

test('an evaluation.json is read with what it was made of', () => {
  const record = {
    step: 500,
    epoch: 1.5,
    seconds: 60,
    seed: 4,
    adapter: 'SwiftShader',
    settings: { robustnessTest: 100 },
  }
  expect(readReport('e.json', JSON.stringify(report))).toEqual({
    fileName: 'e.json',
    method: 'a2mim',
    records: [{ ...record, took: 7.5, result: robustness }],
  })
  const both = readReport('e.json', JSON.stringify({ ...report, interactions }))
  expect(both.records).toEqual([
    { ...record, took: 7.5, result: robustness },
    { ...record, took: 30, result: interactions },
  ])
})

test('a file that is opened is compared with, and curves join those that are there', () => {
  const opened = (...records: typeof both) => ({ fileName: 'e.json', method: 'mae', records })
  const both = [recordAt(5, robustness), recordAt(5, interactions)]
  const first = withOpened(nothingOpened, opened(...both))
  expect(first.chosen).toEqual({
    robustness: ['file 0'],
    interactions: ['file 0 trained', 'file 0 untrained'],
  })
  const second = withOpened(first, opened(both[1]!))
  expect(second.opened).toHaveLength(2)
  expect(second.chosen).toEqual({
    robustness: ['file 0'],
    interactions: [...first.chosen.interactions, 'file 1 trained', 'file 1 untrained'],
  })
})

test('a result that is saved can be opened again', () => {
  const record = recordAt(7, interactions)
  expect(readReport('e.json', writeReport('mae', record))).toEqual({
    fileName: 'e.json',
    method: 'mae',
    records: [record],
  })
})

test.each([
  ['no JSON', 'PK\u0003', 'not an evaluation'],
  ['settings', JSON.stringify({ kind: 'peekaboo-settings' }), 'not an evaluation'],
  ['a list', '[]', 'not an evaluation'],
  ['a later version', JSON.stringify({ ...report, version: 2 }), 'another version'],
  ['nothing to compare', JSON.stringify({ ...report, robustness: null }), 'no result'],
  [
    'half a result',
    JSON.stringify({ ...report, robustness: { ...robustness, clean: '40' } }),
    'damaged',
  ],
  ['another result', JSON.stringify({ ...report, interactions: robustness }), 'damaged'],
  ['no checkpoint', JSON.stringify({ ...report, checkpoint: null }), 'damaged'],
  ['no time', JSON.stringify({ ...report, took: {} }), 'damaged'],
])('%s is refused', (_, text, reason) => {
  expect(() => readReport('e.json', text)).toThrow(reason)
})
