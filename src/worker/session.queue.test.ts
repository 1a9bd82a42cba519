import { beforeAll, describe, expect, it, vi } from 'vitest'
import { currentEngine } from '../engine/current.ts'
import { PeekabooError } from '../errors.ts'
import { Snapshot } from '../evaluation/snapshot.ts'
import { TimeShare } from './timeShare.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { EvaluationDesk } from './testing/evaluationDesk.ts'
import { quiet } from './testing/lossDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: EvaluationDesk
beforeAll(async () => {
  desk = await EvaluationDesk.open()
})

const knn = { kind: 'knn' } as const
const linear = { kind: 'linear', representation: 'class' } as const
const map = { kind: 'map', representation: 'class' } as const

const neighbours = (representation: string) =>
  ({ kind: 'neighbours', representation, query: { split: 'train', index: 1 } }) as const

const kinds = () => desk.all('evaluated').map(({ record }) => record.result.kind)

/** Evaluations never wait for training, or always. */
const sharing = (isOpen: boolean) =>
  vi.spyOn(TimeShare.prototype, 'isOpen', 'get').mockReturnValue(isOpen)

/** Trains to a step and pauses there. */
const trainTo = (runId: number, step: number) => {
  duringSteps({ [step]: () => desk.send({ type: 'pause', runId }) })
  return desk.pausesAfter(runId, () => desk.send({ type: 'train', runId }))
}

describe('evaluations', () => {
  it('are done one after the other, short ones first', async () => {
    await desk.fresh(1)
    const { jobs } = desk
    jobs.endless.add('linear')
    desk.evaluate(1, linear)
    await desk.underWay('linear')
    desk.evaluate(1, map)
    await desk.evaluated(1, knn)
    jobs.endless.clear()
    await desk.ended('linear')
    expect(kinds()).toEqual(['map', 'knn', 'linear'])
    expect(jobs.steps).toEqual(['linear 0', 'map 0', 'knn 0'])
    // Short ones and long ones have snapshots of their own.
    const [long, first, second] = jobs.begun
    expect(second!.snapshot).toBe(first!.snapshot)
    expect(long!.snapshot).not.toBe(first!.snapshot)
  })

  it('take the place of those of the same kind', async () => {
    await desk.fresh(2)
    const { jobs } = desk
    jobs.endless.add('linear')
    desk.evaluate(2, linear)
    await desk.underWay('linear')
    jobs.endless.clear()
    await desk.evaluated(2, { ...linear, representation: 'patches' })
    expect(desk.all('evaluated')).toHaveLength(1)
    expect(desk.all('evaluated')[0]!.record.result).toMatchObject({ representation: 'patches' })
    expect(jobs.freed).toEqual(['linear', 'linear'])
    expect(desk.told('linear')).toEqual(['Slice', null])
  })

  it('end when they are cancelled, waiting or under way, and free what they hold', async () => {
    await desk.fresh(3)
    const { jobs } = desk
    jobs.endless.add('linear').add('knn')
    desk.evaluate(3, linear)
    await desk.underWay('linear')
    desk.evaluate(3, knn)
    desk.evaluate(3, map)
    await desk.underWay('knn')
    for (const kind of ['map', 'knn', 'linear'] as const)
      desk.send({ type: 'cancel', runId: 3, kind })
    await vi.waitFor(() => expect(jobs.freed.toSorted()).toEqual(['knn', 'linear']), {
      timeout: 30_000,
    })
    await quiet()
    for (const kind of ['map', 'knn', 'linear'] as const) expect(desk.told(kind).at(-1)).toBeNull()
    expect(desk.all('evaluated')).toEqual([])
    expect(jobs.steps).toEqual(['linear 0', 'knn 0'])
  })

  it('end with the run, whose memory is given back', async () => {
    const { jobs } = desk
    const memory = async (runId: number): Promise<number> => {
      await desk.fresh(runId)
      return currentEngine().memory().tensors
    }
    const before = await memory(4)
    jobs.endless.add('knn').add('linear')
    desk.evaluate(4, linear)
    await desk.underWay('linear')
    desk.evaluate(4, knn)
    await desk.underWay('knn')
    desk.evaluate(4, map)
    await desk.start(5)
    expect(jobs.freed.toSorted()).toEqual(['knn', 'linear'])
    for (const kind of ['map', 'knn', 'linear'] as const) expect(desk.told(kind).at(-1)).toBeNull()
    expect(await memory(6)).toBe(before)
  })

  it('that fail say so and leave training alone', async () => {
    await desk.fresh(7)
    const fault = { code: 'setting-invalid', what: 'No.', kept: 'All.', todo: 'Else.' } as const
    desk.jobs.inSlice = () => Promise.reject(new PeekabooError(fault))
    desk.send({ type: 'train', runId: 7 })
    await desk.evaluated(7, knn)
    expect(desk.all('fault')).toMatchObject([{ fault }])
    expect(desk.all('evaluated')).toEqual([])
    await desk.reaches(7, 'training', desk.jobs.begun[0]!.step + 20)
    // Nothing is left behind that would stand in the way of the next one.
    await desk.evaluated(7, knn)
    expect(desk.all('evaluated')).toHaveLength(1)
  })
})

describe('beside training', () => {
  it('steps go on while an evaluation is under way, and it ends', async () => {
    await desk.fresh(10)
    const { jobs } = desk
    jobs.endless.add('linear')
    desk.send({ type: 'train', runId: 10 })
    desk.evaluate(10, linear)
    await desk.underWay('linear')
    await desk.reaches(10, 'training', jobs.begun[0]!.step + 20)
    jobs.endless.clear()
    await desk.ended('linear')
    expect(desk.all('evaluated')[0]!.record.step).toBe(jobs.begun[0]!.step)
    expect(desk.all('fault')).toEqual([])
  })

  it('online k-NN looks at the network after every so many steps', async () => {
    await desk.fresh(11, { knnEvery: 3 })
    sharing(true)
    await trainTo(11, 8)
    expect(desk.jobs.steps).toEqual(['knn 0', 'knn 3', 'knn 6'])
    expect(desk.all('evaluations')).toEqual([])
    // Settings of evaluations hold at once.
    desk.send({ type: 'change', runId: 11, values: { knnEvery: 0 } })
    await trainTo(11, 12)
    expect(desk.jobs.steps).toHaveLength(3)
  })

  it('online k-NN is left out while one is under way', async () => {
    await desk.fresh(12, { knnEvery: 2 })
    const { jobs } = desk
    jobs.endless.add('knn')
    sharing(false)
    await trainTo(12, 7)
    expect(jobs.steps).toEqual(['knn 0'])
    jobs.endless.clear()
    await desk.ended('knn')
    expect(jobs.steps).toEqual(['knn 0'])
  })

  it('online k-NN keeps no other evaluation waiting, however long it takes', async () => {
    await desk.fresh(15, { knnEvery: 2 })
    desk.jobs.endless.add('knn')
    desk.send({ type: 'train', runId: 15 })
    await desk.underWay('knn')
    await desk.evaluated(15, linear)
    expect(kinds()).toEqual(['linear'])
    expect(desk.told('knn')).not.toContain(null)
    await desk.pausesAfter(15, () => desk.send({ type: 'pause', runId: 15 }))
    desk.send({ type: 'cancel', runId: 15, kind: 'knn' })
  })

  it('online k-NN that fails waits until something changes', async () => {
    await desk.fresh(13, { knnEvery: 2 })
    const { jobs } = desk
    sharing(true)
    const failure = new Error('no')
    jobs.inSlice = () => Promise.reject(failure)
    await trainTo(13, 7)
    expect(jobs.steps).toEqual(['knn 0'])
    expect(desk.all('fault')).toHaveLength(1)
    desk.send({ type: 'change', runId: 13, values: { knnEvery: 4 } })
    await trainTo(13, 9)
    expect(jobs.steps).toEqual(['knn 0', 'knn 8'])
  })

  it('pictures of features may be a little old; who asks for the same map again gets a new one', async () => {
    await desk.fresh(14)
    const { jobs } = desk
    sharing(true)
    vi.spyOn(Snapshot.prototype, 'knows').mockImplementation((name) => name === 'class')
    duringSteps({
      2: () => desk.evaluate(14, map),
      4: () => desk.evaluate(14, neighbours('class')),
      6: () => desk.evaluate(14, neighbours('layer1')),
      8: () => desk.evaluate(14, map),
      10: () => desk.evaluate(14, map),
      12: () => desk.send({ type: 'pause', runId: 14 }),
    })
    await desk.pausesAfter(14, () => desk.send({ type: 'train', runId: 14 }))
    expect(jobs.steps).toEqual(['map 2', 'neighbours 2', 'neighbours 6', 'map 6', 'map 10'])
    // At rest they are of the present network.
    await desk.evaluated(14, neighbours('class'))
    expect(jobs.steps.at(-1)).toBe('neighbours 12')
  })
})
