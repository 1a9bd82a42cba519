import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { syntheticData } from '../data/testing/synthetic.ts'
import { currentEngine } from '../engine/current.ts'
import type { FaultCode } from '../errors.ts'
import { smallSettings } from '../training/testing/small.ts'
import { Trainer } from '../training/trainer.ts'
import { nextTask } from './nextTask.ts'
import { Desk, startOf } from './testing/desk.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { GatedSource } from './testing/gatedSource.ts'

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => {
  vi.restoreAllMocks()
  expect(unhandled).toEqual([])
})
afterAll(() => currentEngine().dispose())

let desk: Desk
beforeAll(async () => {
  const { manifest, files } = await syntheticData(2)
  desk = new Desk(new GatedSource(manifest, files))
})

const codes = (): FaultCode[] => desk.all('fault').map(({ fault }) => fault.code)
const view = { samples: [1, 2, 3, 4], maskSeed: 1, attentionSample: 1 }

/** Waits until everything that has happened so far has been told. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 200))

describe('a run that diverges', () => {
  it('stops with a fault and goes on when the cause is gone', async () => {
    const settings = { ...smallSettings(), frequencyWeight: Infinity }
    desk.send({ ...startOf(1), settings })
    await desk.reaches(1, 'paused')
    desk.send({ type: 'train', runId: 1 })
    const stopped = await desk.reaches(1, 'stopped')
    expect(stopped).toMatchObject({ step: 0, imagesPerSecond: 0 })
    expect(codes()).toEqual(['diverged'])
    expect(desk.steps(1)).toEqual([])

    // The last good state can be saved, and again an attempt says why it fails.
    desk.send({ type: 'step', runId: 1 })
    await desk.next('fault', () => codes().length === 2)
    desk.send({ type: 'export', runId: 1, history: '' })
    const { fileName } = await desk.next('checkpoint')
    expect(fileName).toContain('step-0')

    desk.send({ type: 'change', runId: 1, values: { frequencyWeight: 0.1 } })
    const paused = await desk.pausesAfter(1, () => desk.send({ type: 'step', runId: 1 }))
    expect(paused.step).toBe(1)
    expect(desk.steps(1)).toEqual([1])
    expect(codes()).toEqual(['diverged', 'diverged'])
  })

  it('is found by an export in the middle of training, which then saves the last good state', async () => {
    await desk.start(2)
    desk.events.length = 0
    desk.send({ ...startOf(3), settings: { ...smallSettings(), frequencyWeight: Infinity } })
    await desk.reaches(3, 'paused')
    duringSteps({ 1: () => desk.send({ type: 'export', runId: 3, history: '' }) })
    desk.send({ type: 'step', runId: 3 })
    await desk.next('checkpoint')
    await desk.reaches(3, 'stopped')
    await quiet()
    expect(codes()).toEqual(['diverged'])
  })
})

describe('a GPU that fails', () => {
  it('while training stops the run with one fault; whoever wants something of it is told again', async () => {
    await desk.start(4)
    desk.events.length = 0
    desk.send({ type: 'pictures', runId: 4, request: view, perSecond: 1000 })
    desk.send({ type: 'train', runId: 4 })
    await desk.reaches(4, 'training', 3)
    desk.send({ type: 'export', runId: 4, history: '' })
    currentEngine().device.destroy()
    await desk.reaches(4, 'stopped')
    await quiet()
    expect(codes()).toEqual(['device-lost'])
    expect(desk.all('status').at(-1)!.state).toBe('stopped')
    for (const type of ['train', 'step', 'export'] as const) {
      const before = codes().length
      desk.send({ type, runId: 4, history: '' })
      await desk.next('fault', () => codes().length > before)
    }
    desk.send({ type: 'change', runId: 4, values: { maskRatio: 0.9 } })
    desk.send({ type: 'pictures', runId: 4, request: view, perSecond: 5 })
    desk.send({ type: 'pause', runId: 4 })
    await quiet()
    expect(codes()).toEqual(Array.from({ length: 4 }, () => 'device-lost'))
    const steps = desk.steps(4)
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, at) => at + 1))
  })

  it('is opened anew by the next start; one bad operation while paused is one fault', async () => {
    desk.events.length = 0
    await desk.start(5)
    expect(desk.all('ready')).toHaveLength(1)
    const { device } = currentEngine()
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
    device.createBuffer({ size: 4, usage })
    device.createBuffer({ size: 8, usage })
    await device.queue.onSubmittedWorkDone()
    await desk.reaches(5, 'stopped')
    await quiet()
    expect(codes()).toEqual(['gpu-error'])
  })

  it('and rejects what is under way before it says so is one fault, too', async () => {
    await desk.start(6)
    desk.events.length = 0
    vi.spyOn(Trainer.prototype, 'step').mockImplementationOnce(() => {
      void nextTask().then(() => currentEngine().device.destroy())
      return Promise.reject(new DOMException('the buffer was destroyed', 'AbortError'))
    })
    desk.send({ type: 'train', runId: 6 })
    await desk.reaches(6, 'stopped')
    await quiet()
    expect(codes()).toEqual(['device-lost'])
  })

  it('while images are loaded is opened anew for the run that waits', async () => {
    const { manifest, files } = await syntheticData(2)
    const source = new GatedSource(manifest, files)
    const other = new Desk(source)
    source.available = 0
    other.send(startOf(1))
    await other.reaches(1, 'no-data')
    currentEngine().device.destroy()
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
