import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRun } from '../checkpoint/runFile.ts'
import { syntheticData } from '../data/testing/synthetic.ts'
import { currentEngine } from '../engine/current.ts'
import type { FaultCode } from '../errors.ts'
import { Keeper } from '../training/keeper.ts'
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

const upTo = (step: number, from = 1) => Array.from({ length: step - from + 1 }, (_, i) => from + i)

/** Metrics that are the same bits whenever a step is done again. */
const reproducible = (rows: Record<string, number>[]) =>
  rows.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 }))

/** The last row of every step. */
const newest = (rows: Record<string, number>[]) => [
  ...new Map(rows.map((row) => [row.step!, row])).values(),
]

const loseGpu = () => currentEngine().device.destroy()

/** The checkpoint that is saved now. */
async function saved(runId: number) {
  const from = desk.events.length
  desk.send({ type: 'export', purpose: 'save', runId, history: 'charts' })
  const { bytes, step } = await desk.next('checkpoint', () => true, from)
  const { state } = await readRun(new Uint8Array(bytes), 'run')
  expect(state.step).toBe(step)
  return state
}

/** Starts a run, makes so many steps and waits until they are kept; from then on nothing is kept before a pause. */
async function restingAt(runId: number, steps: number): Promise<void> {
  vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
  await desk.start(runId)
  desk.events.length = 0
  await desk.pausesAfter(runId, () => {
    for (let step = 0; step < steps; step++) desk.send({ type: 'step', runId })
  })
  desk.events.length = 0
  await quiet()
}

/** Trains on and pauses at a step. */
async function trainTo(runId: number, step: number): Promise<void> {
  duringSteps({ [step]: () => desk.send({ type: 'pause', runId }) })
  await desk.pausesAfter(runId, () => desk.send({ type: 'train', runId }))
}

describe('a GPU that is lost while training', () => {
  it('is replaced, and the run trains on by itself as if nothing had happened', async () => {
    await restingAt(10, 5)
    await trainTo(10, 16)
    const undisturbed = reproducible(desk.metrics(10))
    const { parameters } = await saved(10)

    await restingAt(11, 5)
    const view = { samples: [1, 2], maskSeed: 1, attentionSample: 1 }
    desk.send({ type: 'pictures', runId: 11, request: view, perSecond: 1000 })
    duringSteps({ 9: loseGpu, 16: () => desk.send({ type: 'pause', runId: 11 }) })
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
    const paused = await desk.pausesAfter(11, () => desk.send({ type: 'train', runId: 11 }))
    expect(paused.step).toBe(16)
    const states = desk.all('status', 11).map(({ state }) => state)
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual([
      'training',
      'recovering',
      'training',
      'paused',
    ])
    const [recovered] = desk.all('recovered')
    expect(recovered).toMatchObject({ runId: 11, step: 5, changes: [] })
    // The ninth step was being made, and may have been counted.
    expect([3, 4]).toContain(recovered!.repeated)
    expect(desk.all('recovered')).toHaveLength(1)
    expect(desk.all('ready')).toHaveLength(1)
    expect(codes()).toEqual([])
    expect(reproducible(newest(desk.metrics(11)))).toEqual(undisturbed)
    expect((await saved(11)).parameters).toEqual(parameters)
    await desk.next('picture', ({ picture, step }) => picture.kind === 'attention' && step === 16)
  })

  it('takes commands meanwhile: the last word counts', async () => {
    await restingAt(12, 3)
    duringSteps({ 6: loseGpu })
    desk.send({ type: 'train', runId: 12 })
    await desk.reaches(12, 'recovering')
    desk.send({ type: 'pause', runId: 12 })
    desk.send({ type: 'change', runId: 12, values: { maskRatio: 0.9 } })
    const paused = await desk.reaches(12, 'paused')
    expect(paused).toMatchObject({ step: 3, goesOn: false })

    duringSteps({ 5: loseGpu })
    const from = desk.events.length
    desk.send({ type: 'train', runId: 12 })
    await desk.reaches(12, 'recovering', 0, from)
    for (const type of ['pause', 'train', 'pause', 'step'] as const) desk.send({ type, runId: 12 })
    expect((await desk.reaches(12, 'paused', 4, from)).step).toBe(4)
    expect(codes()).toEqual([])
    expect((await saved(12)).settings.maskRatio).toBe(0.9)
  })

  it('gives way to a start that comes meanwhile', async () => {
    await restingAt(13, 2)
    duringSteps({ 4: loseGpu })
    desk.send({ type: 'train', runId: 13 })
    await desk.reaches(13, 'recovering')
    await desk.start(14)
    expect((await desk.pausesAfter(14, () => desk.send({ type: 'step', runId: 14 }))).step).toBe(1)
    expect(codes()).toEqual([])
    expect(desk.all('status').at(-1)!.runId).toBe(14)
  })

  it('three times in a row stops the run, which is exported without a GPU and tried again on demand', async () => {
    await restingAt(15, 4)
    const before = await saved(15)
    duringSteps({ 7: loseGpu, 6: loseGpu, 8: loseGpu })
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
    desk.send({ type: 'train', runId: 15 })
    await desk.reaches(15, 'stopped')
    await quiet()
    expect(codes()).toEqual(['device-lost'])
    const { fault } = desk.all('fault')[0]!
    expect(fault.what).toContain('3 times in a row')
    expect(fault.kept).toContain('step 4')
    expect(desk.all('recovered').map(({ step }) => step)).toEqual([4, 4])
    const state = await saved(15)
    expect(state).toEqual({ ...before, adapter: state.adapter })
    // What concerns only the page is heard; the run does not stir by itself.
    desk.send({ type: 'pictures', runId: 15, request: view, perSecond: 5 })
    desk.send({ type: 'change', runId: 15, values: { maskRatio: 0.9 } })
    await quiet()
    expect(desk.all('status').at(-1)!.state).toBe('stopped')

    const from = desk.events.length
    desk.send({ type: 'recover', runId: 15 })
    expect((await desk.reaches(15, 'paused', 4, from)).step).toBe(4)
    expect((await desk.pausesAfter(15, () => desk.send({ type: 'step', runId: 15 }))).step).toBe(5)
    expect(codes()).toEqual(['device-lost'])
  })

  it('and cannot be replaced stops the run; Train tries again', async () => {
    await restingAt(16, 3)
    const open = vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null)
    loseGpu()
    await desk.reaches(16, 'stopped')
    expect(open).toHaveBeenCalledTimes(4)
    expect(desk.all('fault')).toMatchObject([{ fault: { code: 'device-lost' } }])
    expect(desk.all('fault')[0]!.fault.what).toContain('no GPU could be opened')
    expect((await saved(16)).step).toBe(3)
    vi.restoreAllMocks()
    const from = desk.events.length
    desk.send({ type: 'train', runId: 16 })
    desk.send({ type: 'train', runId: 16 })
    await desk.reaches(16, 'training', 5, from)
    await desk.pausesAfter(16, () => desk.send({ type: 'pause', runId: 16 }))
    expect(desk.all('recovered')).toHaveLength(1)
    expect(codes()).toEqual(['device-lost'])
  })
})

describe('a GPU that is lost while the run rests', () => {
  it('is replaced, and the run rests on at the same step', async () => {
    await restingAt(20, 6)
    const before = await saved(20)
    loseGpu()
    const paused = await desk.reaches(20, 'paused')
    expect(paused.step).toBe(6)
    expect(desk.all('recovered')).toMatchObject([{ step: 6, repeated: 0 }])
    const after = await saved(20)
    expect(after).toEqual(before)
    expect(codes()).toEqual([])
  })

  it('in a single step makes that step again', async () => {
    await restingAt(21, 2)
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
    await restingAt(30, 2)
    const { device } = currentEngine()
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
    device.createBuffer({ size: 4, usage })
    device.createBuffer({ size: 8, usage })
    await device.queue.onSubmittedWorkDone()
    await desk.reaches(30, 'stopped')
    await quiet()
    expect(codes()).toEqual(['gpu-error'])
    expect((await saved(30)).step).toBe(2)
    const paused = await desk.pausesAfter(30, () => desk.send({ type: 'step', runId: 30 }))
    expect(paused.step).toBe(3)
    expect(codes()).toEqual(['gpu-error'])
  })

  it('and rejects what is under way before it says so is replaced, too', async () => {
    await restingAt(31, 2)
    vi.spyOn(Trainer.prototype, 'step').mockImplementationOnce(() => {
      void nextTask().then(loseGpu)
      return Promise.reject(new DOMException('the buffer was destroyed', 'AbortError'))
    })
    desk.send({ type: 'train', runId: 31 })
    await desk.reaches(31, 'recovering')
    await desk.reaches(31, 'training', 5)
    await desk.pausesAfter(31, () => desk.send({ type: 'pause', runId: 31 }))
    expect(codes()).toEqual([])
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
