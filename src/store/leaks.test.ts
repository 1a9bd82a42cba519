import { beforeEach, expect, test, vi } from 'vitest'
import type { LeakPicture } from '../pictures.ts'
import { askForLeaks, hasLeakCheck, leakSubject } from './leaks.ts'
import { fault, setUp } from './testing/page.ts'

vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const methods = real.methods.map((method) => ({ ...method, hasLeakCheck: true as const }))
  return { ...real, methods, findMethod: (id) => methods.find((method) => method.id === id) }
})

const picture: LeakPicture = {
  kind: 'leak',
  ...{ samples: [3], grid: 1, moved: Float32Array.of(0), largest: 0 },
  ...{ tolerance: 0, filled: 'Filled' },
}

/** A run with masks in front. */
function setUpLeaks() {
  const page = setUp()
  const { client, session, worker } = page
  client.start()
  page.build()
  const check = () => client.changeView(askForLeaks(leakSubject(session.getState())))
  const answer = (step: number) =>
    worker().say({ type: 'picture', runId: session.getState().runId, step, picture })
  const asked = () => worker().of('pictures').at(-1)!.request.leak
  const isWaiting = () => session.getState().view.leak !== null
  return { ...page, check, answer, asked, isWaiting }
}

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

test('a check is asked for once, and says with what it was made', () => {
  const { client, session, check, answer, asked, isWaiting } = setUpLeaks()
  expect(hasLeakCheck(session.getState())).toBe(true)
  expect(asked()).toBeUndefined()
  client.changeSetting('learningRate', 0.002)
  check()
  expect(asked()).toEqual(session.getState().view.samples)
  // Changed meanwhile: the check is of what was asked for, and so out of date.
  client.changeSetting('learningRate', 0.003)
  answer(7)
  expect(isWaiting()).toBe(false)
  expect(asked()).toBeUndefined()
  const { leak } = session.getState()
  expect(leak).toMatchObject({ picture, step: 7, subject: { maskSeed: 1 } })
  expect(leak!.subject.values.learningRate).toBe(0.002)
  // One that was drawn twice is not taken for a newer one.
  answer(8)
  expect(session.getState().leak?.step).toBe(7)
})

test.each([
  ['a new run begins', ({ client }) => client.start()],
  ['the worker dies', ({ worker }) => worker().die('gone')],
  [
    'it cannot be made',
    ({ worker }) => worker().say({ type: 'fault', fault: fault('out-of-memory') }),
  ],
] satisfies [string, (page: ReturnType<typeof setUpLeaks>) => void][])(
  'a check is waited for no more when %s',
  (_, happen) => {
    const page = setUpLeaks()
    page.check()
    expect(page.isWaiting()).toBe(true)
    happen(page)
    expect(page.isWaiting()).toBe(false)
  },
)

test('another run has no check, and no cell is chosen in it', () => {
  const { client, session, check, answer } = setUpLeaks()
  check()
  answer(7)
  client.changeView((view) => ({ ...view, cells: { kept: 5, pointed: 6 } }))
  client.start()
  expect(session.getState().leak).toBeNull()
  expect(session.getState().view.cells).toEqual({ kept: null, pointed: null })
})
