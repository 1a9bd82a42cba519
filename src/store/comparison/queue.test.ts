import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../errors.ts'
import type { CheckpointSummary } from '../../protocol.ts'
import { isGoing } from '../actions.ts'
import { compareDesk, method, settled, twoRatios } from './testing/desk.ts'

type Desk = ReturnType<typeof compareDesk>

const fault = (code: Fault['code']): Fault => ({ code, what: code, kept: 'kept', todo: 'todo' })

/** The page has a run of its own at a step, and a comparison is begun. */
async function begin(desk: Desk, step = 0): Promise<void> {
  desk.client.start()
  desk.build(step)
  void desk.queue.start(desk.now().id)
  await settled()
}

const summary = (desk: Desk, step: number): CheckpointSummary => ({
  fileName: 'aside.safetensors',
  bytes: 8,
  method: method.id,
  step,
  epoch: 1,
  seconds: 1,
  parameters: 42,
  adapter: 'Test',
  savedAt: '2026-01-01T00:00:00Z',
  settings: desk.session.getState().wanted,
  history: '',
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the queue', () => {
  test('runs every variant to its last step, one after the other, and gives the page back', async () => {
    const desk = compareDesk(twoRatios({ knnEvery: 10 }))
    await begin(desk)
    const before = desk.worker().of('start').length
    expect(desk.worker().of('start').at(-1)!.settings).toMatchObject({
      maskRatio: 0.5,
      seed: 7,
      knnEvery: 0,
      scheduleSteps: 20,
    })
    await desk.runThrough(40)
    expect(desk.worker().of('train').at(-1)).toMatchObject({ until: 20 })
    expect(desk.outcomes()).toEqual(['done', 'running'])
    expect(desk.worker().of('start').at(-1)!.settings.maskRatio).toBe(0.8)
    await desk.runThrough(41)
    expect(desk.outcomes()).toEqual(['done', 'done'])
    expect(
      desk
        .worker()
        .of('train')
        .map(({ until }) => until),
    ).toEqual([10, 20, 10, 20])
    const [first] = desk.now().runs
    expect(first).toMatchObject({ step: 20, seconds: 20, fault: null, adapter: 'Test' })
    expect(first!.curves.knn).toMatchObject([
      { step: 0 },
      { step: 10 },
      { step: 20, scores: { patches: 40, class: 39 } },
    ])
    expect(first!.curves.floors).toMatchObject({ rawPixels: 37.2 })
    expect(first!.curves.loss.steps.at(-1)).toBe(20)
    // The person's run had made no step: it is built once more, with their form.
    expect(desk.session.getState()).toMatchObject({ driving: null })
    expect(desk.worker().of('start')).toHaveLength(before + 2)
    expect(desk.worker().of('start').at(-1)!.settings.maskRatio).toBe(
      desk.session.getState().wanted.maskRatio,
    )
    expect(desk.session.getState().wanted.maskRatio).toBe(method.table.maskRatio!.default)
    expect(desk.store.getState()).toMatchObject({ status: null, aside: null })
  })

  test('measures at the end alone, where nothing else is wanted', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.steps(1, 20)
    desk.status('paused', 20)
    await settled()
    expect(desk.worker().of('evaluate')).toHaveLength(1)
    expect(desk.outcomes()).toEqual(['running'])
    desk.knn(20, 44)
    await settled()
    expect(desk.outcomes()).toEqual(['done', 'running'])
    expect(desk.now().runs[0]!.curves.knn).toHaveLength(1)
  })

  test('a k-NN that fails does not hold it up', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.status('paused', 20)
    await settled()
    const { runId } = desk.session.getState()
    desk.worker().say({ type: 'fault', fault: fault('data-missing') })
    desk.worker().say({ type: 'evaluating', runId, kind: 'knn', progress: null })
    await settled()
    expect(desk.outcomes()).toEqual(['done', 'running'])
  })

  test('runs every seed, all variants with the first one first', async () => {
    const desk = compareDesk(twoRatios({ seeds: 2 }))
    await begin(desk)
    for (let run = 0; run < 4; run++) await desk.runThrough(40 + run)
    const seeds = desk.now().runs.map(({ values }) => [values.maskRatio, values.seed])
    expect(seeds).toEqual([
      [0.5, 7],
      [0.8, 7],
      [0.5, 8],
      [0.8, 8],
    ])
  })

  test('trains on when the run has stopped before its last step', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    await settled()
    desk.status('recovering', 4)
    await settled()
    desk.status('paused', 3)
    await settled()
    expect(
      desk
        .worker()
        .of('train')
        .map(({ until }) => until),
    ).toEqual([20, 20])
  })

  test('stops a run after its minutes and measures it all the same', async () => {
    const desk = compareDesk(twoRatios({ minutes: 1 }))
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.steps(1, 5, 10)
    desk.status('training', 5)
    await settled()
    const pauses = desk.worker().of('pause').length
    desk.steps(6, 6, 10)
    desk.status('training', 6)
    await settled()
    expect(desk.worker().of('pause')).toHaveLength(pauses + 1)
    desk.status('paused', 6)
    await settled()
    expect(desk.worker().of('evaluate')).toHaveLength(1)
    desk.knn(6, 30)
    await settled()
    expect(desk.now().runs[0]).toMatchObject({ outcome: 'done', timedOut: true, step: 6 })
  })

  test('takes in variants that are added while it runs', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.store.setState({
      comparisons: [
        {
          ...desk.now(),
          variants: [
            ...desk.now().variants,
            { id: 'late', label: 'little', values: { maskRatio: 0.2 } },
          ],
        },
      ],
    })
    await desk.runThrough(40)
    await desk.runThrough(41)
    expect(desk.worker().of('start').at(-1)!.settings.maskRatio).toBe(0.2)
  })
})

describe('what goes wrong', () => {
  test('a run that diverges is marked with its fault, and the next one begins', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.steps(1, 3)
    desk.worker().say({ type: 'fault', fault: fault('diverged') })
    desk.status('stopped', 3)
    await settled()
    const [first] = desk.now().runs
    expect(first).toMatchObject({ outcome: 'failed', step: 3, fault: { code: 'diverged' } })
    expect(first!.curves.loss.steps).toEqual([1, 2, 3])
    expect(desk.outcomes()).toEqual(['failed', 'running'])
    await desk.runThrough(40)
    expect(desk.outcomes()).toEqual(['failed', 'done'])
  })

  test('a crash of the worker ends one run alone: the next one gets a new worker', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    await settled()
    const { length } = desk.workers
    desk.worker().die('out of luck')
    await settled()
    expect(desk.workers).toHaveLength(length + 1)
    expect(desk.now().runs[0]).toMatchObject({
      outcome: 'failed',
      fault: { code: 'worker-crashed' },
    })
    expect(desk.session.getState()).toMatchObject({ crashed: false, faults: [] })
    await desk.runThrough(40)
    expect(desk.outcomes()).toEqual(['failed', 'done'])
  })

  test('a variant that cannot be built does not stop the others', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.worker().say({ type: 'fault', fault: fault('out-of-memory') })
    desk.status('stopped', 0)
    await settled()
    expect(desk.now().runs[0]).toMatchObject({
      outcome: 'failed',
      fault: { code: 'out-of-memory' },
    })
    expect(desk.outcomes()).toEqual(['failed', 'running'])
  })

  test('a lost GPU is for the worker to mend', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.status('recovering', 3)
    await settled()
    expect(desk.outcomes()).toEqual(['running'])
  })
})

describe('the person', () => {
  test('pauses and goes on, with the keys of a run', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    await settled()
    expect(isGoing(desk.session.getState())).toBe(true)
    desk.client.pause()
    desk.status('paused', 4)
    await settled()
    expect(desk.session.getState().driving).toMatchObject({ paused: true })
    expect(isGoing(desk.session.getState())).toBe(false)
    expect(desk.worker().of('train')).toHaveLength(1)
    desk.client.train()
    await settled()
    expect(desk.worker().of('train').at(-1)).toMatchObject({ until: 20 })
    expect(desk.worker().of('train')).toHaveLength(2)
  })

  test('a pause between two runs keeps the next one from beginning', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.status('paused', 20)
    await settled()
    desk.queue.pause()
    desk.knn(20, 40)
    await settled()
    expect(desk.outcomes()).toEqual(['done'])
    expect(desk.store.getState().status).toMatchObject({ phase: 'waiting', run: null })
    desk.queue.goOn()
    expect(desk.outcomes()).toEqual(['done', 'running'])
  })

  test('skips a run: its curves up to there are kept', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.steps(1, 2)
    desk.status('training', 2)
    await settled()
    desk.queue.skip()
    expect(desk.outcomes()).toEqual(['skipped', 'running'])
    expect(desk.now().runs[0]!.curves.loss.steps).toEqual([1, 2])
  })

  test('stops after the run in hand', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.queue.stopAfterThis(true)
    await desk.runThrough(40)
    expect(desk.outcomes()).toEqual(['done'])
    expect(desk.store.getState().status).toBeNull()
    // What waits can be run later.
    await begin(desk)
    await desk.runThrough(41)
    expect(desk.outcomes()).toEqual(['done', 'done'])
  })

  test('stops at once: the run in hand is marked as interrupted', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.queue.stop()
    await settled()
    expect(desk.outcomes()).toEqual(['interrupted'])
    expect(desk.session.getState().driving).toBeNull()
  })

  test('is asked before taking over, and may leave it', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.client.changeSetting('maskRatio', 0.1)
    expect(desk.session.getState()).toMatchObject({
      dialog: 'takeover',
      wanted: { maskRatio: 0.5 },
    })
    desk.client.wheel.leave()
    expect(desk.session.getState()).toMatchObject({ dialog: null, wanted: { maskRatio: 0.5 } })
    expect(desk.outcomes()).toEqual(['running'])
    const starts = desk.worker().of('start').length
    desk.client.start()
    expect(desk.worker().of('start')).toHaveLength(starts)
    expect(desk.session.getState().dialog).toBe('takeover')
  })

  test('takes over: the run in hand is theirs, and what they wanted is done', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.client.changeSetting('maskRatio', 0.1)
    desk.client.wheel.takeOver()
    expect(desk.session.getState()).toMatchObject({
      dialog: null,
      driving: null,
      wanted: { maskRatio: 0.1 },
    })
    expect(desk.outcomes()).toEqual(['interrupted'])
    vi.advanceTimersByTime(100)
    expect(desk.worker().of('change').at(-1)).toMatchObject({ values: { maskRatio: 0.1 } })
    // Nobody drives any more.
    desk.status('paused', 3)
    await settled()
    expect(desk.worker().of('train')).toHaveLength(1)
    desk.client.train()
    expect(desk.worker().of('train').at(-1)).not.toHaveProperty('until')
  })
})

describe('the run of the person', () => {
  test('is kept before the first run begins, and comes back at the end', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.client.changeSetting('maskRatio', 0.3)
    desk.build(50)
    desk.status('training', 50)
    void desk.queue.start(desk.now().id)
    await settled()
    const starts = desk.worker().of('start').length
    expect(desk.worker().of('pause')).toHaveLength(1)
    expect(desk.worker().of('export')).toHaveLength(0)
    desk.status('paused', 51)
    await settled()
    expect(desk.worker().of('export')).toMatchObject([{ purpose: 'keep' }])
    expect(desk.worker().of('start')).toHaveLength(starts)
    desk.checkpoint('aside.safetensors')
    await settled()
    expect(desk.worker().of('start')).toHaveLength(starts + 1)
    expect(desk.store.getState().aside).toMatchObject({ snapshot: { step: 51 }, savedStep: 0 })
    desk.queue.stop()
    await settled()
    expect(desk.worker().of('peek')).toMatchObject([{ fileName: 'aside.safetensors' }])
    desk.worker().say({ type: 'peeked', summary: summary(desk, 51) })
    await settled()
    expect(desk.worker().of('accept')).toHaveLength(1)
    expect(desk.session.getState()).toMatchObject({
      driving: null,
      savedStep: 0,
      keptStep: 51,
      wanted: { maskRatio: 0.3 },
    })
    expect(desk.store.getState()).toMatchObject({ aside: null, status: null })
  })

  test('is no earlier run to compare evaluations with: it comes back', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(5)
    desk.knn(5, 40)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    expect(desk.session.getState().evaluations.compared).toEqual([])
  })

  test('a comparison does not begin where it cannot be kept', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    const starts = desk.worker().of('start').length
    void desk.queue.start(desk.now().id)
    await settled()
    desk.worker().say({ type: 'fault', fault: fault('out-of-memory') })
    await settled()
    expect(desk.worker().of('start')).toHaveLength(starts)
    expect(desk.store.getState()).toMatchObject({ status: null, aside: null })
    expect(desk.session.getState().driving).toBeNull()
  })

  test('stays aside when the person takes over', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    desk.client.wheel.takeOver()
    expect(desk.store.getState().aside).toMatchObject({ snapshot: { step: 50 } })
  })

  test('a snapshot that cannot be read back stays aside, and the page says so', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    desk.queue.stop()
    await settled()
    desk.worker().say({ type: 'refused', fault: fault('file-rejected') })
    await settled()
    expect(desk.store.getState()).toMatchObject({ status: null, aside: { snapshot: { step: 50 } } })
    expect(desk.session.getState().faults).toMatchObject([{ fault: { code: 'file-rejected' } }])
    expect(desk.session.getState().driving).toBeNull()
  })
})
