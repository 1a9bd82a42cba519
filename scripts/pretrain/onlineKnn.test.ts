import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { readRun } from '../../src/checkpoint/runFile.ts'
import { readRecords } from '../../src/evaluationRecords.ts'
import type { KnnResult } from '../../src/results.ts'
import { pretrain, type PretrainControl } from './pretrain.ts'
import type { PretrainOptions } from './wish.ts'

const SMALL = [
  ...['width=12', 'depth=1', 'heads=2', 'mlpRatio=1', 'patchSize=8', 'batchSize=4'],
  ...['datasetSize=2000', 'knnBank=100', 'knnTest=50', 'knnNeighbours=5'],
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-online-'))
})
afterAll(() => rm(folder, { recursive: true }))

// The command talks to people; here only files matter.
let onWrite: (text: string) => void
beforeEach(() => {
  onWrite = () => undefined
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    onWrite(String(text))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

const inFolder = (...names: string[]) => join(folder, ...names)
const text = (...names: string[]) => readFile(inFolder(...names), 'utf8')
const run = (
  out: string,
  { set = [], ...options }: Partial<PretrainOptions>,
  control?: PretrainControl,
) => {
  const base = { preset: 'tiny', seed: '5', steps: 5, out: inFolder(out) }
  return pretrain({ ...base, ...options, set: [...SMALL, ...set] }, control)
}

const cells = async (...names: string[]) =>
  (await text(...names))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))

/** The columns of a table that do not tell of time. */
async function timeless(...names: string[]): Promise<string[][]> {
  const [header, ...rows] = await cells(...names)
  const timed = ['seconds', 'imagesPerSecond'].map((name) => header!.indexOf(name))
  return [header!, ...rows].map((row) => row.filter((_, at) => !timed.includes(at)))
}

const stateOf = async (out: string) =>
  (await readRun(await readFile(inFolder(out, 'checkpoint.safetensors')), out)).state

const summaryOf = async (out: string) =>
  JSON.parse(await text(out, 'summary.json')) as {
    knn: { last: { step: number }; best: { step: number; accuracy: object } } | null
  }

it('changes no bit of the run, and keeps what it finds', async () => {
  await run('off', { set: ['knnEvery=0'] })
  await run('on', { set: ['knnEvery=2'] })
  expect(await timeless('on', 'metrics.csv')).toEqual(await timeless('off', 'metrics.csv'))
  const [on, off] = [await stateOf('on'), await stateOf('off')]
  for (const set of ['parameters', 'firstMoments', 'secondMoments'] as const)
    expect(on[set]).toEqual(off[set])
  expect(off.evaluations).toBe('')
  expect(existsSync(inFolder('off', 'knn.csv'))).toBe(false)
  expect(await summaryOf('off')).toMatchObject({ knn: null })

  const records = readRecords(on.evaluations)
  expect(records.map(({ step, epoch, seed }) => ({ step, epoch, seed }))).toEqual([
    { step: 2, epoch: 0.004, seed: 5 },
    { step: 4, epoch: 0.008, seed: 5 },
  ])
  expect(records[0]!.settings).toMatchObject({ knnEvery: 2, knnBank: 100 })
  expect(records[0]!.settings).not.toHaveProperty('width')
  const results = records.map(({ result }) => result as KnnResult)
  expect(results[0]).toMatchObject({ kind: 'knn', bank: 100, test: 50, neighbours: 5 })
  const [header, ...rows] = await cells('on', 'knn.csv')
  const column = (name: string) => rows.map((row) => Number(row[header!.indexOf(name)]))
  expect(column('step')).toEqual([2, 4])
  expect(column('patches')).toEqual(results.map(({ scores }) => scores[0]!.accuracy))
  expect(column('rawPixels')).toEqual(results.map(({ floors }) => floors.rawPixels))
  const { knn } = await summaryOf('on')
  expect(knn).toMatchObject({ last: { step: 4, bank: 100, test: 50 } })
  const accuracies = results.map(({ scores }) => scores[0]!.accuracy)
  expect(knn!.best.accuracy).toMatchObject({ patches: Math.max(...accuracies) })
})

it('goes on with a run that is resumed, and keeps the rows before', async () => {
  const set = ['knnEvery=2']
  await run('part', { set, steps: 3 })
  await run('part', { set, resume: inFolder('part', 'checkpoint.safetensors') })
  expect(await timeless('part', 'knn.csv')).toEqual(await timeless('on', 'knn.csv'))
  const [part, on] = [await stateOf('part'), await stateOf('on')]
  const found = ({ evaluations }: typeof on) =>
    readRecords(evaluations).map(({ step, result }) => ({ step, result }))
  expect(found(part)).toEqual(found(on))
  expect((await summaryOf('part')).knn).toEqual((await summaryOf('on')).knn)
})

it('leaves no table of another run behind', async () => {
  await run('old', { set: ['knnEvery=0'], steps: 1 })
  await writeFile(inFolder('old', 'knn.csv'), 'step\n7\n')
  await run('old', { set: ['knnEvery=3'], steps: 2 })
  expect(existsSync(inFolder('old', 'knn.csv'))).toBe(false)
})

it('ends at a signal, with the run as it is', async () => {
  const stop = new AbortController()
  onWrite = (text) => text.includes('k-NN') && stop.abort()
  const control = { stopSignal: () => stop.signal }
  expect(await run('ended', { set: ['knnEvery=2'], steps: 1000 }, control)).toBe(false)
  const state = await stateOf('ended')
  expect(state.step).toBe(2)
  expect(readRecords(state.evaluations)).toHaveLength(1)
})
