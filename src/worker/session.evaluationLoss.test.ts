import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Keeper } from '../training/keeper.ts'
import { EvaluationDesk } from './testing/evaluationDesk.ts'
import { loseGpu } from './testing/lossDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: EvaluationDesk
beforeAll(async () => {
  desk = await EvaluationDesk.open()
})

const knn = { kind: 'knn' } as const
const linear = { kind: 'linear', representation: 'class' } as const
const codes = () => desk.all('fault').map(({ fault }) => fault.code)

describe('a GPU that is lost during an evaluation', () => {
  it('is replaced, and the evaluation begun again', async () => {
    await desk.fresh(1)
    const { jobs } = desk
    jobs.inSlice = loseGpu
    desk.evaluate(1, linear)
    await desk.reaches(1, 'recovering')
    await desk.reaches(1, 'paused')
    await desk.ended('linear')
    expect(jobs.steps).toEqual(['linear 0', 'linear 0'])
    expect(jobs.freed).toEqual(['linear', 'linear'])
    const [lost, again] = jobs.begun
    expect(again!.snapshot).not.toBe(lost!.snapshot)
    expect(desk.all('evaluated')).toHaveLength(1)
    expect(codes()).toEqual([])
    expect(desk.told('linear').at(-1)).toBeNull()
  })

  it('twice ends the evaluation, not the run', async () => {
    await desk.fresh(2)
    const { jobs } = desk
    jobs.inSlice = () => {
      loseGpu()
      jobs.inSlice = loseGpu
    }
    await desk.evaluated(2, linear)
    expect(codes()).toEqual(['device-lost'])
    expect(desk.all('fault')[0]!.fault.what).toContain('2 times during an evaluation')
    expect(desk.all('evaluated')).toEqual([])
    const paused = await desk.pausesAfter(2, () => desk.send({ type: 'step', runId: 2 }))
    expect(paused.step).toBe(1)
    await desk.evaluated(2, linear)
    expect(desk.all('evaluated')).toHaveLength(1)
  })

  it('while training leaves what was found before; what was found later is found again', async () => {
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
    await desk.fresh(3, { knnEvery: 4 })
    const { jobs } = desk
    await desk.evaluated(3, linear)
    desk.send({ type: 'train', runId: 3 })
    await desk.next('evaluated', ({ record }) => record.result.kind === 'knn' && record.step > 0)
    jobs.endless.add('knn')
    const from = desk.events.length
    desk.evaluate(3, knn)
    await desk.underWay('knn', from)
    loseGpu()
    await desk.next('recovered')
    jobs.endless.clear()
    const again = desk.events.length
    await desk.ended('knn', again)
    await desk.pausesAfter(3, () => desk.send({ type: 'pause', runId: 3 }))
    const kept = desk.all('evaluations', 3).at(-1)!.records
    // Nothing was kept of the run after its beginning.
    expect(kept.map(({ step, result }) => `${result.kind} ${step}`)).toEqual(['linear 0', 'knn 0'])
    expect(codes()).toEqual([])
    expect(desk.told('knn').at(-1)).toBeNull()
    expect(desk.told('knn')).toContain('Waiting for the GPU')
  })

  it('and cannot be replaced ends all evaluations; asking for one tries again', async () => {
    await desk.fresh(4)
    const { jobs } = desk
    const open = vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null)
    jobs.endless.add('linear')
    desk.evaluate(4, linear)
    await desk.underWay('linear')
    desk.evaluate(4, knn)
    loseGpu()
    await desk.reaches(4, 'stopped')
    expect(codes()).toEqual(['device-lost'])
    for (const kind of ['knn', 'linear'] as const) expect(desk.told(kind).at(-1)).toBeNull()
    open.mockRestore()
    jobs.endless.clear()
    const from = desk.events.length
    desk.evaluate(4, linear)
    await desk.next('evaluated', ({ record }) => record.result.kind === 'linear', from)
    expect(desk.all('recovered')).toHaveLength(1)
    expect(codes()).toEqual(['device-lost'])
  })
})
