import { afterEach, expect, test, vi } from 'vitest'
import type { MethodDescription } from '../methods/description.ts'
import { methods } from '../methods/registry.ts'
import type { SettingValues } from '../settings/rows.ts'
import { nextTab, tabInstead, visibleTabs } from './tabs.ts'
import { setUp } from './testing/page.ts'
import { initialView, pictureTabs, type PictureTab } from './view.ts'

const { registry, whole } = vi.hoisted(() => ({
  registry: [] as MethodDescription[],
  whole: 'toy-with-everything',
}))
vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const everything: Partial<MethodDescription> = {
    hasOrder: true,
    hasPlaces: ({ claims }) => claims !== false,
    hasSimilarity: true,
    hasAttention: ({ convolutions }) => convolutions !== true,
    hasTokens: ({ convolutions }) => convolutions !== true,
    hasActivations: ({ claims }) => claims !== false,
    hasSpectrum: true,
  }
  const bare = {
    hasOrder: undefined,
    hasPlaces: undefined,
    hasSimilarity: undefined,
    hasAttention: undefined,
    hasTokens: () => true,
    hasActivations: undefined,
    hasSpectrum: undefined,
  }
  const first = real.methods[0]!
  registry.push({ ...first, ...bare }, { ...first, ...everything, id: whole })
  return { ...real, methods: registry, findMethod: (id) => registry.find((m) => m.id === id) }
})

const plain = () => methods.find(({ id }) => id !== whole)!.id
const running = (method: string, values: SettingValues = {}) => ({ method, values })
const wanted: SettingValues = {}

afterEach(() => {
  vi.useRealTimers()
})

const rare = ['order', 'places', 'activations', 'fourier', 'similarity'] as const

test('tabs that not every method has are there where the running one has them; before a run, where the one in the form has', () => {
  const shown = (state: Parameters<typeof visibleTabs>[0]) =>
    rare.filter((tab) => visibleTabs(state).includes(tab))
  expect(shown({ running: null, method: whole, wanted })).toEqual(rare)
  expect(shown({ running: null, method: plain(), wanted })).toEqual([])
  expect(shown({ running: running(whole), method: plain(), wanted })).toEqual(rare)
  expect(shown({ running: running(plain()), method: whole, wanted })).toEqual([])
})

test('places have a tab where the settings of the run give them', () => {
  const hasPlaces = (state: Parameters<typeof visibleTabs>[0]) =>
    visibleTabs(state).includes('places')
  const without = { claims: false }
  expect(hasPlaces({ running: null, method: whole, wanted: without })).toBe(false)
  expect(hasPlaces({ running: running(whole), method: whole, wanted: without })).toBe(true)
  expect(hasPlaces({ running: running(whole, without), method: whole, wanted })).toBe(false)
})

test('a network without attention and tokens has no tabs for them', () => {
  const shown = (state: Parameters<typeof visibleTabs>[0]) =>
    visibleTabs(state).filter((tab) => tab === 'attention' || tab === 'tokens')
  const convolutions = running(whole, { convolutions: true })
  expect(shown({ running: convolutions, method: plain(), wanted })).toEqual([])
  expect(shown({ running: running(whole), method: plain(), wanted })).toHaveLength(2)
})

test('the same tabs are the same list, so that nothing is drawn again for them', () => {
  const list = visibleTabs({ running: null, method: whole, wanted })
  expect(visibleTabs({ running: running(whole), method: plain(), wanted })).toBe(list)
})

test('the visible tabs follow each other in a circle', () => {
  const after = (method: string, tab: PictureTab) =>
    nextTab({ running: null, method, wanted, view: { ...initialView(), tab } })
  expect(pictureTabs.map((tab) => after(whole, tab))).toEqual([...pictureTabs.slice(1), 'masks'])
  expect(after(plain(), 'masks')).toBe('attention')
  expect(after(plain(), 'attention')).toBe('tokens')
})

test('a method without an order shows its masks instead', () => {
  vi.useFakeTimers()
  const { client, session, build, worker } = setUp()
  client.chooseMethod(whole)
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

test('attention and activations stand for each other where a run has only one of them', () => {
  const instead = (tab: PictureTab, values: SettingValues, method = whole) =>
    tabInstead({
      running: running(method, values),
      method,
      wanted,
      view: { ...initialView(), tab },
    })
  expect(instead('attention', {})).toBe('attention')
  expect(instead('attention', { convolutions: true })).toBe('activations')
  expect(instead('activations', { claims: false })).toBe('attention')
  expect(instead('activations', {}, plain())).toBe('attention')
  expect(instead('attention', { convolutions: true, claims: false })).toBe('masks')
  expect(instead('fourier', {}, plain())).toBe('masks')
})
