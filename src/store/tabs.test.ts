import { afterEach, expect, test, vi } from 'vitest'
import type { MethodDescription } from '../methods/description.ts'
import { methods } from '../methods/registry.ts'
import { nextTab, visibleTabs } from './tabs.ts'
import { setUp } from './testing/page.ts'
import { initialView, pictureTabs, type PictureTab } from './view.ts'

const { registry, withOrder } = vi.hoisted(() => ({
  registry: [] as MethodDescription[],
  withOrder: 'toy-with-order',
}))
vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  registry.push(...real.methods, { ...real.methods[0]!, id: withOrder, hasOrder: true })
  return { ...real, methods: registry, findMethod: (id) => registry.find((m) => m.id === id) }
})

const plain = () => methods.find(({ hasOrder }) => !hasOrder)!.id
const running = (method: string) => ({ method, values: {} })

afterEach(() => {
  vi.useRealTimers()
})

test('the order has a tab where the running method has one; before a run, where the one in the form has', () => {
  const orderIn = (state: Parameters<typeof visibleTabs>[0]) => visibleTabs(state).includes('order')
  expect(orderIn({ running: null, method: withOrder })).toBe(true)
  expect(orderIn({ running: null, method: plain() })).toBe(false)
  expect(orderIn({ running: running(withOrder), method: plain() })).toBe(true)
  expect(orderIn({ running: running(plain()), method: withOrder })).toBe(false)
})

test('the visible tabs follow each other in a circle', () => {
  const after = (method: string, tab: PictureTab) =>
    nextTab({ running: null, method, view: { ...initialView(), tab } })
  expect(pictureTabs.map((tab) => after(withOrder, tab))).toEqual([
    'order',
    'attention',
    'tokens',
    'evaluate',
    'compare',
    'masks',
  ])
  expect(after(plain(), 'masks')).toBe('attention')
})

test('a method without an order shows its masks instead', () => {
  vi.useFakeTimers()
  const { client, session, build, worker } = setUp()
  client.chooseMethod(withOrder)
  client.start()
  build()
  client.changeView((view) => ({ ...view, tab: 'order' }))
  expect(worker().of('pictures').at(-1)!.request.order).toBeDefined()

  client.chooseMethod(plain())
  expect(session.getState().view.tab).toBe('order')
  client.start()
  build()
  expect(session.getState().view.tab).toBe('masks')
  expect(worker().of('pictures').at(-1)!.request.order).toBeUndefined()
})
