import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readRun } from '../checkpoint/runFile.ts'
import { readRecords } from '../evaluationRecords.ts'
import { currentEngine } from '../engine/current.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import { TimeShare } from './timeShare.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { EvaluationDesk, fewImages } from './testing/evaluationDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: EvaluationDesk
beforeAll(async () => {
  desk = await EvaluationDesk.open({ evaluate })
})

/** Trains on and pauses at a step; waits until no evaluation is under way. */
async function trainTo(runId: number, step: number): Promise<void> {
  duringSteps({ [step]: () => desk.send({ type: 'pause', runId }) })
  await desk.pausesAfter(runId, () => desk.send({ type: 'train', runId }))
  const isOver = () => {
    const last = desk.all('evaluating', runId).at(-1)
    expect(last?.progress ?? null).toBeNull()
  }
  await vi.waitFor(isOver, { timeout: 60_000 })
}

/** Metrics but for times. */
const reproducible = (rows: Record<string, number>[]) =>
  rows.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 }))

describe('online k-NN', () => {
  it('does not change training in a single bit', async () => {
    const values = { learningRate: 0.01, seed: 5 }
    // A turn of the evaluation every few steps, however long they take.
    let asked = 0
    vi.spyOn(TimeShare.prototype, 'isOpen', 'get').mockImplementation(() => ++asked % 3 === 0)
    await desk.fresh(1, { ...values, knnEvery: 2 })
    desk.send({ type: 'train', runId: 1 })
    await desk.next('evaluated', ({ record }) => record.step > 0)
    const { step } = await desk.pausesAfter(1, () => desk.send({ type: 'pause', runId: 1 }))
    const evaluated = reproducible(desk.metrics(1))
    const steps = desk.all('evaluated', 1).map(({ record }) => record.step)
    expect(steps[0]).toBe(0)
    expect(steps.filter((step) => step % 2 === 0)).toEqual(steps)

    await desk.fresh(2, { ...values, knnEvery: 0 })
    await trainTo(2, step)
    expect(desk.all('evaluated')).toEqual([])
    expect(evaluated).toHaveLength(step)
    expect(evaluated).toEqual(reproducible(desk.metrics(2)))
    expect(desk.all('fault')).toEqual([])
  })

  it('begins with the untrained network, which is its own floor', async () => {
    await desk.fresh(3, { knnEvery: 1000 })
    await trainTo(3, 2)
    const [event] = desk.all('evaluated', 3)
    const { step, epoch, seconds, result } = event!.record
    expect([step, epoch, seconds]).toEqual([0, 0, 0])
    if (result.kind !== 'knn') throw new Error('not k-NN')
    expect(result.scores.length).toBeGreaterThan(0)
    for (const { representation, accuracy } of result.scores)
      expect(result.floors.randomInitOf[representation]).toBe(accuracy)
  })
})

describe('a k-NN evaluation on demand', () => {
  it('says how far it is and ends with a record that says all about it', async () => {
    const values = { seed: 7, knnNeighbours: 3 }
    await desk.fresh(4, values)
    await trainTo(4, 3)
    await desk.evaluated(4, { kind: 'knn' })
    const [event] = desk.all('evaluated', 4)
    const { took, settings, result, ...rest } = event!.record
    expect(rest).toEqual({
      step: 3,
      epoch: 12 / 2000,
      seconds: desk.metrics(4).at(-1)!.seconds,
      seed: 7,
      adapter: currentEngine().adapter.detail,
    })
    expect(took).toBeGreaterThan(0)
    expect(settings).toMatchObject({ ...fewImages, knnNeighbours: 3, knnEvery: 0 })
    expect(settings).not.toHaveProperty('seed')
    expect(result).toMatchObject({ kind: 'knn', bank: 60, test: 40, neighbours: 3 })
    const told = desk.told('knn')
    expect(told).toContain('Features of the bank')
    expect(told.at(-1)).toBeNull()
  })

  it('uses what is known of the same moment, with settings as they are now', async () => {
    const other = { knnBank: 100, knnTest: 20, knnNeighbours: 4 }
    await desk.fresh(5)
    await desk.evaluated(5, { kind: 'knn' })
    desk.send({ type: 'change', runId: 5, values: other })
    await desk.evaluated(5, { kind: 'knn' })
    const reused = desk.all('evaluated', 5).at(-1)!.record.result
    expect(reused).toMatchObject({ bank: 100, test: 20, neighbours: 4 })
    await desk.fresh(6, other)
    await desk.evaluated(6, { kind: 'knn' })
    expect(desk.all('evaluated', 6)[0]!.record.result).toEqual(reused)
  })

  it('stays with the run: in its checkpoints, and when they are taken up', async () => {
    await desk.fresh(7)
    await desk.evaluated(7, { kind: 'knn' })
    const { record } = desk.all('evaluated', 7)[0]!
    desk.send({ type: 'export', purpose: 'save', runId: 7, history: '' })
    const { bytes, fileName } = await desk.next('checkpoint')
    const { state } = await readRun(new Uint8Array(bytes), fileName)
    expect(readRecords(state.evaluations)).toEqual([record])
    desk.send({ type: 'peek', fileName, bytes })
    await desk.next('peeked')
    desk.send({ type: 'accept', runId: 8 })
    await desk.reaches(8, 'paused')
    expect(desk.all('evaluations', 8)).toMatchObject([{ records: [record] }])
  })
})
