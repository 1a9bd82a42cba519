import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PeekabooError, type Fault } from '../../errors.ts'
import { Library } from './library.ts'
import type { Comparison } from './model.ts'
import { begun, withRecord } from './outcomes.ts'
import { runsOf } from './plan.ts'
import type { Aside, Shelf } from './shelf.ts'
import { changeComparison, createCompareStore } from './store.ts'
import { twoRatios } from './testing/desk.ts'

/** A shelf in memory. */
function memoryShelf(kept: readonly Comparison[] = [], aside: Aside | null = null) {
  const comparisons = new Map(kept.map((each) => [each.id, each]))
  const memory = { comparisons, aside, saves: 0 }
  const shelf: Shelf = {
    load: () => Promise.resolve([...comparisons.values()]),
    save: (comparison) => {
      memory.saves++
      comparisons.set(comparison.id, comparison)
      return Promise.resolve()
    },
    remove: (id) => Promise.resolve(void comparisons.delete(id)),
    loadAside: () => Promise.resolve(memory.aside),
    saveAside: (value) => {
      memory.aside = value
      return Promise.resolve()
    },
  }
  return { shelf, memory }
}

async function open(shelf: Shelf) {
  const store = createCompareStore()
  const faults: Fault[] = []
  const library = new Library(store, shelf, (fault) => faults.push(fault))
  await library.open()
  return { store, library, faults }
}

const aside: Aside = {
  form: { method: 'm', preset: 'tiny', values: {} },
  snapshot: { fileName: 'a.safetensors', bytes: new ArrayBuffer(4), step: 9 },
  savedStep: 0,
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('comparisons of an earlier visit are there again; what was under way was interrupted', async () => {
  const comparison = twoRatios()
  const [first, second] = runsOf(comparison)
  const kept = withRecord(
    withRecord(comparison, { ...begun(first!, {}), outcome: 'done' }),
    begun(second!, {}),
  )
  const { shelf, memory } = memoryShelf([kept], aside)
  const { store } = await open(shelf)
  expect(store.getState()).toMatchObject({ loaded: true, aside: { snapshot: { step: 9 } } })
  expect(store.getState().comparisons[0]!.runs.map(({ outcome }) => outcome)).toEqual([
    'done',
    'interrupted',
  ])
  await vi.advanceTimersByTimeAsync(1000)
  expect(memory.comparisons.get(comparison.id)!.runs[1]!.outcome).toBe('interrupted')
})

test('a comparison of a method that is not known stays where it is, unseen', async () => {
  const comparison = { ...twoRatios(), method: 'unheard-of' }
  const { shelf, memory } = memoryShelf([comparison])
  const { store, library } = await open(shelf)
  expect(store.getState().comparisons).toEqual([])
  await library.flush()
  expect(memory.comparisons.has(comparison.id)).toBe(true)
})

test('a comparison of an earlier visit can be deleted at once', async () => {
  const { shelf, memory } = memoryShelf([twoRatios()])
  const { store, library } = await open(shelf)
  store.setState({ comparisons: [] })
  await library.flush()
  expect(memory.comparisons.size).toBe(0)
})

test('changes are kept, several within a moment once, and what is deleted goes', async () => {
  const { shelf, memory } = memoryShelf()
  const { store, library } = await open(shelf)
  const comparison = twoRatios()
  store.setState({ comparisons: [comparison] })
  for (const name of ['a', 'b', 'c'])
    changeComparison(store, comparison.id, (before) => ({ ...before, name }))
  await vi.advanceTimersByTimeAsync(1000)
  expect(memory.saves).toBe(1)
  expect(memory.comparisons.get(comparison.id)!.name).toBe('c')
  store.setState({ comparisons: [] })
  await library.flush()
  expect(memory.comparisons.size).toBe(0)
})

test('how a run ended is kept at once', async () => {
  const { shelf, memory } = memoryShelf()
  const { store } = await open(shelf)
  const comparison = twoRatios()
  const run = begun(runsOf(comparison)[0]!, {})
  store.setState({ comparisons: [withRecord(comparison, run)] })
  await vi.advanceTimersByTimeAsync(0)
  expect(memory.saves).toBe(0)
  changeComparison(store, comparison.id, (before) =>
    withRecord(before, { ...run, step: 4, outcome: 'done' }),
  )
  await vi.advanceTimersByTimeAsync(0)
  expect(memory.comparisons.get(comparison.id)!.runs).toMatchObject([{ step: 4, outcome: 'done' }])
})

test('a run that is put aside is kept at once, and goes when it is back', async () => {
  const { shelf, memory } = memoryShelf()
  const { store } = await open(shelf)
  store.setState({ aside })
  await vi.advanceTimersByTimeAsync(0)
  expect(memory.aside).toBe(aside)
  store.setState({ aside: null })
  await vi.advanceTimersByTimeAsync(0)
  expect(memory.aside).toBeNull()
})

test('a browser that keeps nothing is told once for each failure, and the page goes on', async () => {
  const refused = () =>
    Promise.reject(
      new PeekabooError({ code: 'storage', what: 'full', kept: 'on the page', todo: 'export' }),
    )
  const { store, library, faults } = await open({
    load: refused,
    save: refused,
    remove: refused,
    loadAside: refused,
    saveAside: refused,
  })
  expect(store.getState().loaded).toBe(true)
  expect(faults.map(({ code }) => code)).toEqual(['storage'])
  store.setState({ comparisons: [twoRatios()] })
  await library.flush()
  expect(faults).toHaveLength(2)
  expect(store.getState().comparisons).toHaveLength(1)
})
