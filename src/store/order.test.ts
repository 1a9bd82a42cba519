import { beforeEach, expect, test, vi } from 'vitest'
import type { OrderPicture } from '../pictures.ts'
import { orderPicture } from './testing/orderPicture.ts'
import { setUp } from './testing/page.ts'
import { lookAt, pickedOf } from './view.ts'

vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const methods = real.methods.map((method) => ({ ...method, hasOrder: true as const }))
  return { ...real, methods, findMethod: (id) => methods.find((method) => method.id === id) }
})

/** A run whose order is looked at. */
function setUpOrder() {
  const page = setUp()
  const { client, session, worker } = page
  client.start()
  page.build()
  client.changeView((view) => ({ ...view, tab: 'order' }))
  const say = (picture: OrderPicture, step = 1) => {
    const { runId, view } = session.getState()
    worker().say({
      type: 'picture',
      runId,
      step,
      picture: { ...picture, sample: pickedOf(view)! },
    })
  }
  const check = () => client.changeView((view) => lookAt(view, { causality: true }))
  const asked = () => worker().of('pictures').at(-1)!.request.order
  const isWaiting = () => session.getState().view.order.causality
  return { ...page, say, check, asked, isWaiting }
}

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

test('a check is asked for once, and kept while later pictures come without one', () => {
  const { session, say, check, asked, isWaiting } = setUpOrder()
  say(orderPicture())
  expect(session.getState().checked).toBeNull()
  check()
  expect(asked()).toMatchObject({ causality: true })
  say(orderPicture())
  expect(isWaiting()).toBe(true)
  say(orderPicture({ check: 'healthy' }), 2)
  expect(isWaiting()).toBe(false)
  expect(asked()).toMatchObject({ causality: false })
  say(orderPicture(), 3)
  const { order, checked } = session.getState()
  expect(order?.step).toBe(3)
  expect(order?.picture.causality).toBeNull()
  expect(checked?.step).toBe(2)
  expect(checked?.picture.causality.disturbedFrom).toHaveLength(3)
})

test.each([
  ['a new run begins', ({ client }) => client.start()],
  ['the worker dies', ({ worker }) => worker().die('gone')],
  [
    'it cannot be made',
    ({ worker }) =>
      worker().say({
        type: 'fault',
        fault: { code: 'out-of-memory', what: 'what', kept: 'kept', todo: 'todo' },
      }),
  ],
] satisfies [string, (page: ReturnType<typeof setUpOrder>) => void][])(
  'a check is waited for no more when %s',
  (_, happen) => {
    const page = setUpOrder()
    page.check()
    expect(page.isWaiting()).toBe(true)
    happen(page)
    expect(page.isWaiting()).toBe(false)
  },
)

test('another run has no pictures of an order, and no check', () => {
  const { client, session, say } = setUpOrder()
  say(orderPicture({ check: 'healthy' }))
  client.start()
  expect(session.getState()).toMatchObject({ order: null, checked: null })
})

test('what changes on the page alone is not asked for anew', () => {
  const { client, worker } = setUpOrder()
  const before = worker().of('pictures').length
  client.changeView((view) => lookAt(view, { section: 'masks' }))
  client.changeView((view) => lookAt(view, { rollOut: true }))
  expect(worker().of('pictures')).toHaveLength(before)
  client.changeView((view) => lookAt(view, { section: 'rollOut' }))
  expect(worker().of('pictures')).toHaveLength(before + 1)
})
