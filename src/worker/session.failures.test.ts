import { beforeAll, describe, expect, it, vi } from 'vitest'
import { syntheticData } from '../data/testing/synthetic.ts'
import { currentEngine } from '../engine/current.ts'
import { Trainer } from '../training/trainer.ts'
import { nextTask } from './nextTask.ts'
import { Desk, startOf } from './testing/desk.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { GatedSource } from './testing/gatedSource.ts'
import { loseGpu, LossDesk, quiet } from './testing/lossDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: LossDesk
beforeAll(async () => {
  desk = await LossDesk.open()
})

const upTo = (step: number, from = 1) => Array.from({ length: step - from + 1 }, (_, i) => from + i)

describe('a GPU that is lost while the run rests', () => {
  it('is replaced, and the run rests on at the same step', async () => {
    await desk.restingAt(20, 6)
    const before = await desk.saved(20)
    loseGpu()
    const paused = await desk.reaches(20, 'paused')
    expect(paused.step).toBe(6)
    expect(desk.all('recovered')).toMatchObject([{ step: 6, repeated: 0 }])
    const after = await desk.saved(20)
    expect(after).toEqual(before)
    expect(desk.codes).toEqual([])
  })

  it('in a single step makes that step again', async () => {
    await desk.restingAt(21, 2)
    duringSteps({ 3: loseGpu })
    desk.send({ type: 'step', runId: 21 })
    await desk.reaches(21, 'recovering')
    expect((await desk.reaches(21, 'paused')).step).toBe(3)
    await quiet()
    expect(desk.all('status').at(-1)).toMatchObject({ state: 'paused', step: 3 })
  })
})

describe('a GPU that fails', () => {
  it('with one bad operation stops the run with one fault; Train goes on from what was kept', async () => {
    await desk.restingAt(30, 2)
    const { device } = currentEngine()
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
    device.createBuffer({ size: 4, usage })
    device.createBuffer({ size: 8, usage })
    await device.queue.onSubmittedWorkDone()
    await desk.reaches(30, 'stopped')
    await quiet()
    expect(desk.codes).toEqual(['gpu-error'])
    expect((await desk.saved(30)).step).toBe(2)
    const paused = await desk.pausesAfter(30, () => desk.send({ type: 'step', runId: 30 }))
    expect(paused.step).toBe(3)
    expect(desk.codes).toEqual(['gpu-error'])
  })

  it('and rejects what is under way before it says so is replaced, too', async () => {
    await desk.restingAt(31, 2)
    vi.spyOn(Trainer.prototype, 'step').mockImplementationOnce(() => {
      void nextTask().then(loseGpu)
      return Promise.reject(new DOMException('the buffer was destroyed', 'AbortError'))
    })
    desk.send({ type: 'train', runId: 31 })
    await desk.reaches(31, 'recovering')
    await desk.reaches(31, 'training', 5)
    await desk.pausesAfter(31, () => desk.send({ type: 'pause', runId: 31 }))
    expect(desk.codes).toEqual([])
    const steps = desk.steps(31)
    expect([...new Set(steps)]).toEqual(upTo(steps.at(-1)!, 3))
  })

  it('while images are loaded is opened anew for the run that waits', async () => {
    const { manifest, files } = await syntheticData(2)
    const source = new GatedSource(manifest, files)
    const other = new Desk(source)
    source.available = 0
    other.send(startOf(1))
    await other.reaches(1, 'no-data')
    loseGpu()
    await other.next('fault', ({ fault }) => fault.code === 'device-lost')
    source.available = 2
    other.send({ type: 'retry-data' })
    await other.reaches(1, 'paused')
    const status = await other.pausesAfter(1, () => other.send({ type: 'step', runId: 1 }))
    expect(status.step).toBe(1)
    expect(other.all('ready')).toHaveLength(2)
    expect(other.all('fault')).toHaveLength(2)
  })
})
