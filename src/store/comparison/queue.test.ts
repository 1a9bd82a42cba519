import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fault } from '../testing/page.ts'
import { begin, compareDesk, method, settled, twoRatios } from './testing/desk.ts'

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

  test('trains every run for the same time, and lets its schedule end with it', async () => {
    const desk = compareDesk(twoRatios({ minutes: 1, byTime: true, steps: 5 }))
    await begin(desk)
    const base = desk.now().base.scheduleSteps
    expect(desk.worker().of('start').at(-1)!.settings.scheduleSteps).toBe(base)
    for (const secondsOfStep of [1, 0.25]) {
      desk.build()
      await settled()
      desk.knn(0, 10)
      await settled()
      const from = desk.worker().of('change').length
      let step = 0
      for (let rest = 1; rest <= 10; rest++) {
        expect(desk.worker().of('train').at(-1)!.until).toBe(1_000_000)
        const pauses = desk.worker().of('pause').length
        for (const until = (6 * rest) / secondsOfStep; step < until; step++) {
          expect(desk.worker().of('pause')).toHaveLength(pauses)
          desk.status('training', step + 1)
          desk.steps(step + 1, step + 1, secondsOfStep)
          await settled()
          // Live changes are collected for a moment.
          const known = desk.worker().of('change').length
          vi.advanceTimersByTime(50)
          for (const { runId, values } of desk.worker().of('change').slice(known))
            desk.worker().say({
              ...{ type: 'changed', runId, step: step + 1, key: 'scheduleSteps' },
              ...{ from: base!, to: values.scheduleSteps! },
            })
        }
        expect(desk.worker().of('pause')).toHaveLength(pauses + 1)
        desk.status('paused', step)
        await settled()
        desk.knn(step, 20 + rest)
        await settled()
      }
      const fitted = desk
        .worker()
        .of('change')
        .slice(from)
        .map(({ values }) => values)
      // Once: the pace stays the same.
      expect(fitted).toEqual([{ scheduleSteps: 60 / secondsOfStep }])
    }
    expect(desk.now().runs).toMatchObject([
      { outcome: 'done', step: 60, seconds: 60, timedOut: false, values: { scheduleSteps: 60 } },
      { outcome: 'done', step: 240, seconds: 60, timedOut: false, values: { scheduleSteps: 240 } },
    ])
    const [run] = desk.now().runs
    expect(run!.curves.knn.map(({ step }) => step)).toEqual([
      0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60,
    ])
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
