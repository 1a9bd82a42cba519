import { beforeAll, describe, expect, it } from 'vitest'
import { currentEngine } from '../engine/current.ts'
import type { PictureRequest } from '../pictures.ts'
import { nextTask } from './nextTask.ts'
import { startOf, widthOf } from './testing/desk.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { guardSession } from './testing/guardSession.ts'
import { RunDesk, upTo } from './testing/runDesk.ts'

guardSession()

let desk: RunDesk
beforeAll(async () => {
  desk = await RunDesk.open()
})

const view: PictureRequest = {
  samples: [3, 7, 1999],
  maskSeed: 1,
  attentionSample: 7,
  tokens: false,
}

describe('a start', () => {
  it('opens the GPU, loads the images and builds a paused run', async () => {
    await desk.start(desk.nextId())
    const kinds = desk.events.map((event) => (event.type === 'status' ? event.state : event.type))
    expect(kinds.filter((kind, at) => kind !== kinds[at - 1])).toEqual([
      'opening',
      'ready',
      'loading',
      'settings',
      'evaluations',
      'paused',
    ])
    expect(desk.all('loading').at(-1)).toMatchObject({ images: 2000, ofImages: 2000 })
    const status = desk.all('status').at(-1)!
    expect(status).toMatchObject({ step: 0, epoch: 0, images: 2000, imagesPerSecond: 0 })
    expect(status.parameters).toBeGreaterThan(1000)
    expect(status.deviceBytes).toBeGreaterThan(2000 * 3072)
    expect(desk.all('settings')).toMatchObject([{ method: 'a2mim', values: { width: 12 } }])
  })

  it('uses the GPU and the images that are there', async () => {
    const asked = desk.source.asked.length
    desk.events.length = 0
    await desk.start(desk.nextId(), { width: 24 })
    expect(desk.all('ready')).toEqual([])
    expect(desk.source.asked.length).toBe(asked)
    expect(desk.all('settings', desk.lastId)).toMatchObject([{ values: { width: 24 } }])
  })

  it('gives way to another that follows: only the last one is built', async () => {
    for (const tasksBetween of [0, 1, 3, 8]) {
      for (const width of [24, 36]) {
        desk.send(startOf(desk.nextId(), { width }))
        for (let task = 0; task < tasksBetween; task++) await nextTask()
      }
      await desk.fresh()
    }
    expect(desk.all('fault')).toEqual([])
    const status = await desk.pausesAfter(desk.lastId, () =>
      desk.send({ type: 'step', runId: desk.lastId }),
    )
    expect(status.step).toBe(1)
  })
})

describe('a start while a run is in the middle of a step', () => {
  it('gives way to another one that follows before the step is done', async () => {
    const id = await desk.fresh()
    const [superseded, last] = [desk.nextId(), desk.nextId()]
    duringSteps({
      3: () => {
        desk.send(startOf(superseded))
        void nextTask().then(() => desk.send(startOf(last, { width: 24 })))
      },
    })
    desk.send({ type: 'train', runId: id })
    await desk.reaches(last, 'paused')
    expect(desk.all('settings').map(({ runId }) => runId)).toEqual([last])
    const status = await desk.pausesAfter(last, () => desk.send({ type: 'step', runId: last }))
    expect(status.step).toBe(1)
    expect(desk.all('fault')).toEqual([])
  })
})

describe('commands', () => {
  it('step makes one step each, whenever they come', async () => {
    const id = await desk.fresh()
    const status = await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    expect(status).toMatchObject({ step: 1, epoch: 4 / 2000, imagesPerSecond: 0 })
    expect(desk.steps(id)).toEqual([1])
    const two = await desk.pausesAfter(id, () => {
      desk.send({ type: 'step', runId: id })
      desk.send({ type: 'step', runId: id })
    })
    expect(two.step).toBe(3)
    expect(desk.steps(id)).toEqual([1, 2, 3])
  })

  it('train and pause report every step once and in order', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'train', runId: id })
    desk.send({ type: 'train', runId: id })
    const running = await desk.reaches(id, 'training', 12)
    expect(running.imagesPerSecond).toBeGreaterThan(0)
    // A step asked for while training changes nothing; pressing Train again neither.
    desk.send({ type: 'step', runId: id })
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 16)
    desk.send({ type: 'pause', runId: id })
    const { step } = await desk.reaches(id, 'paused', 16)
    expect(desk.steps(id)).toEqual(upTo(step))
    expect(desk.all('metrics', id)[0]!.batch.columns).toEqual([
      'step',
      'epoch',
      'seconds',
      'loss',
      'spatial',
      'frequency',
      'gradNorm',
      'learningRate',
      'imagesPerSecond',
    ])
    // Nothing goes on by itself.
    const seen = desk.events.length
    await currentEngine().device.queue.onSubmittedWorkDone()
    expect(desk.events.length).toBe(seen)
  })

  it('that come during a step take effect after it', async () => {
    const id = await desk.fresh()
    const send = (...types: ('train' | 'pause' | 'step')[]) => {
      for (const type of types) desk.send({ type, runId: id })
    }
    duringSteps({ 3: () => send('pause') })
    expect((await desk.pausesAfter(id, () => send('train'))).step).toBe(3)
    expect((await desk.pausesAfter(id, () => send('step'))).step).toBe(4)
    duringSteps({ 6: () => send('pause', 'step', 'step') })
    expect((await desk.pausesAfter(id, () => send('train'))).step).toBe(8)
    duringSteps({ 9: () => send('pause', 'train'), 11: () => send('step', 'train', 'pause') })
    expect((await desk.pausesAfter(id, () => send('train'))).step).toBe(11)
    expect((await desk.pausesAfter(id, () => send('step'))).step).toBe(12)
    expect(desk.steps(id)).toEqual(upTo(12))
  })

  it('in any hurry lose nothing and never double a step', async () => {
    const id = await desk.fresh()
    const hurry = ['train', 'pause', 'train', 'step', 'pause', 'step', 'step', 'pause'] as const
    for (let round = 0; round < 6; round++)
      for (const type of hurry) {
        desk.send({ type, runId: id })
        // Now and then a step gets under way between two commands.
        if ((round + type.length) % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 3))
      }
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 8)
    const { step } = await desk.pausesAfter(id, () => desk.send({ type: 'pause', runId: id }))
    expect(desk.steps(id)).toEqual(upTo(step))
    expect(desk.all('fault')).toEqual([])
  })

  it('of another run are ignored', async () => {
    const id = await desk.fresh()
    for (const type of ['train', 'step', 'pause'] as const) desk.send({ type, runId: id - 1 })
    desk.send({ type: 'change', runId: id - 1, values: { maskRatio: 0.9 } })
    desk.send({ type: 'export', purpose: 'save', runId: id - 1, history: '' })
    const status = await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    expect(status.step).toBe(1)
    expect(desk.events.every((event) => !('runId' in event) || event.runId === id)).toBe(true)
    expect(desk.all('changed')).toEqual([])
    expect(desk.all('checkpoint')).toEqual([])
  })
})

describe('pictures', () => {
  it('come as labels and masks at once, the rest follows', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 5 })
    expect(desk.all('labels')).toMatchObject([{ samples: [3, 7, 1999] }])
    expect(desk.all('labels')[0]!.labels).toHaveLength(3)
    const [first] = desk.all('picture', id)
    expect(first!.picture).toMatchObject({ kind: 'strips', samples: [3, 7, 1999] })
    expect(widthOf(first!)).toBe(3)
    const attention = await desk.next('picture', ({ picture }) => picture.kind === 'attention')
    expect(attention.step).toBe(0)
    expect(desk.all('picture', id).map(widthOf)).toEqual([3, 6, 0])
  })

  it('are drawn between the steps, after a pause and for the step that they name', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 1000 })
    desk.send({ type: 'train', runId: id })
    await desk.next('picture', ({ picture, step }) => picture.kind === 'attention' && step >= 2)
    desk.send({ type: 'pause', runId: id })
    const { step } = await desk.reaches(id, 'paused', 2)
    await desk.next('picture', (event) => event.picture.kind === 'attention' && event.step === step)
    const steps = desk.all('picture', id).map((event) => event.step)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
    // Drawing again without a change of the run gives the same pixels.
    const pixelsOf = (from: number) =>
      desk
        .next('picture', (event) => widthOf(event) === 6, from)
        .then(({ picture }) => (picture.kind === 'strips' ? [...picture.pixels] : []))
    const one = desk.events.length
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 1000 })
    const pixels = await pixelsOf(one)
    const two = desk.events.length
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 1000 })
    expect(await pixelsOf(two)).toEqual(pixels)
  })

  it('of images that are not loaded are left out', async () => {
    const id = await desk.fresh()
    const request = {
      samples: [2000, 1, 49_999],
      maskSeed: 1,
      attentionSample: 2000,
      tokens: false,
    }
    desk.send({ type: 'pictures', runId: id, request, perSecond: 5 })
    expect(desk.all('labels')).toMatchObject([{ samples: [1] }])
    const full = await desk.next('picture', (event) => widthOf(event) === 6)
    expect(full.picture).toMatchObject({ samples: [1] })
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 5 })
  })
})

describe('a profile', () => {
  const profileOf = async (id: number) => {
    const from = desk.events.length
    desk.send({ type: 'profile', runId: id })
    return (await desk.next('profile', () => true, from)).profile
  }

  it('is taken between two steps, also while training', async () => {
    const id = await desk.fresh()
    expect(await profileOf(id)).toBeNull()
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 3)
    const profile = (await profileOf(id))!
    expect(profile.step).toBeGreaterThanOrEqual(3)
    expect(profile.kernels.length).toBeGreaterThan(5)
    await desk.reaches(id, 'training', profile.step + 2)
    const { step } = await desk.pausesAfter(id, () => desk.send({ type: 'pause', runId: id }))
    expect(desk.steps(id)).toEqual(upTo(step))
    expect(await profileOf(id)).toMatchObject({ step, dispatches: profile.dispatches })
  })
})

describe('kernels that compile', () => {
  it('are told when they take a while, and when they are done', async () => {
    await desk.fresh()
    const engine = currentEngine()
    for (const done of [0, 2]) engine.reportCompile({ stage: 'compiling', done, total: 10 })
    const { progress } = await desk.next('compiling')
    expect(progress).toEqual({ stage: 'compiling', done: 2, total: 10 })
    engine.reportCompile({ stage: 'compiling', done: 10, total: 10 })
    expect(desk.all('compiling').at(-1)!.progress).toBeNull()
    engine.reportCompile({ stage: 'tuning', done: 0, total: 2 })
    await desk.next('compiling', ({ progress: next }) => next?.stage === 'tuning')
  })

  it('keep no command from being obeyed after them, nor a setting from being left again', async () => {
    const id = await desk.fresh()
    const change = (spectra: string) =>
      desk.send({ type: 'change', runId: id, values: { spectra } })
    // Each while the step before is recorded and compiled.
    duringSteps({ 1: () => change('batchMean'), 2: () => change('perImage') })
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 3)
    const paused = await desk.pausesAfter(id, () => desk.send({ type: 'pause', runId: id }))
    expect(desk.steps(id)).toEqual(upTo(paused.step))
    expect(desk.all('changed').map(({ step, to }) => [step, to])).toEqual([
      [2, 'batchMean'],
      [3, 'perImage'],
    ])
    expect(desk.all('fault')).toEqual([])
  })
})

describe('live changes', () => {
  const maskedOf = ({ picture }: ReturnType<typeof desk.all<'picture'>>[number]) =>
    picture.kind === 'strips' ? picture.masked.map(({ count }) => count) : []

  it('show their masks at once and take effect with the next step', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 5 })
    await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    const seen = desk.events.length
    desk.send({ type: 'change', runId: id, values: { maskRatio: 0.25, width: 48 } })
    const [preview] = desk.events.slice(seen)
    expect(preview).toMatchObject({ type: 'picture', step: 1 })
    expect(maskedOf(desk.all('picture').at(-1)!)).toEqual([4, 4, 4])
    expect(desk.all('changed')).toEqual([])
    await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    const change = { type: 'changed', runId: id, step: 2, key: 'maskRatio', from: 0.6, to: 0.25 }
    expect(desk.all('changed')).toEqual([change])
    // The masks of the full strips are the new ones, too.
    await desk.next('picture', (event) => event.step === 2 && widthOf(event) === 6)
    expect(
      maskedOf(desk.all('picture').findLast(({ picture }) => picture.kind === 'strips')!),
    ).toEqual([4, 4, 4])
  })

  it('while training are marked at a step of the run', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 3)
    desk.send({ type: 'change', runId: id, values: { maskRatio: 0.9 } })
    const { step } = await desk.next('changed')
    expect(step).toBeGreaterThan(3)
    await desk.reaches(id, 'training', step + 1)
    const status = await desk.pausesAfter(id, () => {
      desk.send({ type: 'pause', runId: id })
      desk.send({ type: 'step', runId: id })
    })
    expect(desk.steps(id)).toEqual(upTo(status.step))
    expect(status.step).toBeGreaterThanOrEqual(step)
  })
})
