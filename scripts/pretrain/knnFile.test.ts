import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EvaluationRecord, KnnResult } from '../../src/results.ts'
import { KnnFile } from './knnFile.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-knn-'))
  path = join(folder, 'knn.csv')
})
afterEach(() => rmSync(folder, { recursive: true }))

const health = { deviation: 0.1, dimensions: 8, effectiveRank: 3.5, tokenSimilarity: 0.25 }

const record = (step: number, scores: KnnResult['scores']): EvaluationRecord<KnnResult> => ({
  ...{ step, epoch: step / 8, seconds: step / 4, took: 1, seed: 1, adapter: '', settings: {} },
  result: {
    ...{ kind: 'knn', bank: 100, test: 50, neighbours: 20, temperature: 0.07, scores },
    floors: { rawPixels: 37.2, randomInit: 30, randomInitOf: { patches: 30, class: 25.5 } },
  },
})

it('holds a row an evaluation; what a network does not have stays empty', () => {
  const file = new KnnFile(path, ['patches', 'class'])
  const patches = { representation: 'patches', accuracy: 31, health }
  const withoutTokens = { ...health, tokenSimilarity: null }
  const other = { representation: 'class', accuracy: 26, health: withoutTokens }
  file.add(record(4, [patches, other]))
  file.add(record(8, [patches]))
  file.close()
  const columns = ['', '.randomInit', '.effectiveRank', '.deviation', '.tokenSimilarity']
  const names = ['patches', 'class'].flatMap((id) => columns.map((column) => id + column))
  expect(readFileSync(path, 'utf8').split('\n')).toEqual([
    ['step', 'epoch', 'seconds', 'rawPixels', ...names].join(','),
    '4,0.5,1,37.2,31,30,3.5,0.1,0.25,26,25.5,3.5,0.1,',
    '8,1,2,37.2,31,30,3.5,0.1,0.25,,25.5,,,',
    '',
  ])
})

it('keeps the rows up to a step for a run that goes on', () => {
  const first = new KnnFile(path, ['patches'])
  for (const step of [2, 4, 6]) first.add(record(step, []))
  first.close()
  new KnnFile(path, ['patches'], 4).close()
  const steps = readFileSync(path, 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((row) => row.split(',')[0])
  expect(steps).toEqual(['2', '4'])
})
