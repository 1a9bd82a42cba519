import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recommendedFor } from '../../methods/description.ts'
import { fault } from '../testing/page.ts'
import { interactionsResult } from '../testing/records.ts'
import { begin, compareDesk, method, settled, twoRatios } from './testing/desk.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The first run has made its steps and is measured: only its interactions are missing. */
async function nearlyDone() {
  const desk = compareDesk(twoRatios({ interactions: true }))
  await begin(desk)
  await desk.runThrough(40)
  const over = () =>
    desk.worker().say({
      ...{ type: 'evaluating', runId: desk.session.getState().runId },
      ...{ kind: 'interactions', progress: null },
    })
  return { ...desk, over }
}

test('measures interactions at the end of every run, after k-NN', async () => {
  const desk = await nearlyDone()
  const { id } = recommendedFor(method.representations(desk.now().base), 'interactions')
  const asked = () =>
    desk
      .worker()
      .of('evaluate')
      .map(({ request }) => request)
  expect(asked()).toEqual([{ kind: 'knn' }, { kind: 'interactions', representation: id }])
  expect(desk.store.getState().status).toMatchObject({ phase: 'interactions' })
  // The run is made, whatever becomes of them.
  expect(desk.outcomes()).toEqual(['done'])
  expect(desk.now().runs[0]!.curves).not.toHaveProperty('interactions')
  desk.interactions(20, 45)
  await settled()
  expect(desk.now().runs[0]).toMatchObject({ outcome: 'done', step: 20, fault: null })
  expect(desk.now().runs[0]!.curves.interactions).toEqual(interactionsResult(45))
  await desk.runThrough(41)
  desk.interactions(20, 50)
  await settled()
  expect(desk.outcomes()).toEqual(['done', 'done'])
  expect(desk.now().runs[1]!.curves.interactions!.curves[0]!.accuracy).toBe(50)
  expect(desk.now().runs[1]!.curves.knn.at(-1)!.scores.patches).toBe(41)
})

test('does not measure them where they are not wanted', async () => {
  const desk = compareDesk()
  await begin(desk)
  await desk.runThrough(40)
  expect(desk.worker().of('evaluate')).toHaveLength(1)
  expect(desk.outcomes()).toEqual(['done', 'running'])
})

test('a run whose interactions fail is done all the same, and says why they are missing', async () => {
  const desk = await nearlyDone()
  desk.worker().say({ type: 'fault', fault: fault('setting-invalid') })
  desk.over()
  await settled()
  expect(desk.outcomes()).toEqual(['done', 'running'])
  expect(desk.now().runs[0]).toMatchObject({ fault: { code: 'setting-invalid' } })
  expect(desk.now().runs[0]!.curves.knn).toHaveLength(1)
})

test('a run whose interactions the person cancels is done without them', async () => {
  const desk = await nearlyDone()
  desk.client.cancelEvaluation('interactions')
  desk.over()
  await settled()
  expect(desk.outcomes()).toEqual(['done', 'running'])
  expect(desk.now().runs[0]).toMatchObject({ fault: null })
})

test('what went wrong with k-NN is not why interactions are missing', async () => {
  const desk = compareDesk(twoRatios({ interactions: true }))
  await begin(desk)
  desk.build()
  await settled()
  desk.status('training', 1)
  desk.steps(1, 20)
  desk.status('paused', 20)
  await settled()
  const { runId } = desk.session.getState()
  desk.worker().say({ type: 'fault', fault: fault('data-missing') })
  desk.worker().say({ type: 'evaluating', runId, kind: 'knn', progress: null })
  await settled()
  desk.worker().say({ type: 'evaluating', runId, kind: 'interactions', progress: null })
  await settled()
  expect(desk.outcomes()).toEqual(['done', 'running'])
  expect(desk.now().runs[0]!.fault).toBeNull()
})

test('a worker that dies over them leaves the run done, and the next one begins', async () => {
  const desk = await nearlyDone()
  const before = desk.now().runs[0]!
  desk.worker().die('out of luck')
  await settled()
  expect(desk.outcomes()).toEqual(['done', 'running'])
  expect(desk.now().runs[0]).toMatchObject({
    curves: before.curves,
    fault: { code: 'worker-crashed' },
  })
})

test.each([
  ['skips them', (desk: Awaited<ReturnType<typeof nearlyDone>>) => desk.queue.skip()],
  ['stops at once', (desk: Awaited<ReturnType<typeof nearlyDone>>) => desk.queue.stop()],
  ['takes over', (desk: Awaited<ReturnType<typeof nearlyDone>>) => desk.client.wheel.takeOver()],
])('a run is done without them when the person %s', async (_, act) => {
  const desk = await nearlyDone()
  act(desk)
  await settled()
  expect(desk.outcomes()[0]).toBe('done')
  expect(desk.now().runs[0]!.step).toBe(20)
})

test('a run that goes back to an earlier step makes the steps again before it is measured', async () => {
  const desk = await nearlyDone()
  const { runId } = desk.session.getState()
  desk.worker().say({
    ...{ type: 'recovered', runId, step: 12, repeated: 8, changes: [] },
  } as never)
  desk.status('paused', 12)
  desk.over()
  await settled()
  expect(desk.outcomes()).toEqual(['running'])
  expect(desk.worker().of('train').at(-1)).toMatchObject({ until: 20 })
})
