import { expect, test } from 'vitest'
import { presetValues } from '../settings/selection.ts'
import { tableSize } from '../tables.ts'
import { methodOf } from './form.ts'
import { setUp, summaryOf } from './testing/page.ts'

const randsac = methodOf('randsac')

/** A page with a run of a method that has tables. */
function begin() {
  const page = setUp()
  page.client.choose(randsac.id, 'tiny')
  page.client.start()
  page.build()
  /** The worker tells of these steps. */
  const tell = (from: number, step: number, runId = page.session.getState().runId) => {
    const values = page.tables.described.map(
      (table) => [table.key, new Float64Array(tableSize(table)).fill(step - from + 1)] as const,
    )
    const snapshot = { from, step, values: Object.fromEntries(values) }
    page.worker().say({ type: 'tables', runId, snapshot })
  }
  const spans = () => page.tables.snapshots.map(({ from, step }) => [from, step])
  return { ...page, tell, spans }
}

test('the tables of a run are those of its method and settings', () => {
  const { tables, worker, session } = begin()
  const values = presetValues(randsac, 'tiny')
  expect(tables.described).toEqual(randsac.tables!(values))
  const { runId } = session.getState()
  const change = { step: 3, key: 'target', from: 'normalised', to: 'raw' } as const
  worker().say({ type: 'changed', runId, ...change })
  expect(tables.described).toEqual(randsac.tables!({ ...values, target: 'raw' }))
  expect(tables.described[0]!.reference).toBeUndefined()
})

test('what the worker tells of them is kept, and nothing of an earlier run', () => {
  const { tell, spans, client, build } = begin()
  tell(1, 4)
  tell(5, 7)
  expect(spans()).toEqual([
    [1, 4],
    [5, 7],
  ])
  client.start()
  expect(spans()).toEqual([])
  build()
  tell(8, 9, 1)
  expect(spans()).toEqual([])
})

test('they go back with the run when its GPU is replaced', () => {
  const { tell, spans, worker } = begin()
  for (const [from, step] of [
    [1, 4],
    [5, 7],
    [8, 9],
  ] as const)
    tell(from, step)
  worker().say({ type: 'recovered', runId: 1, step: 7, repeated: 2, changes: [] })
  tell(8, 12)
  expect(spans()).toEqual([
    [1, 4],
    [5, 7],
    [8, 12],
  ])
})

test('they are saved with the run and come back with it, up to its step', () => {
  const page = begin()
  const { tell, spans, client, worker, tables, build } = page
  tell(1, 4)
  tell(5, 7)
  const before = tables.snapshots
  client.exportCheckpoint()
  const { history } = worker().of('export')[0]!
  const summary = summaryOf(page, 7)
  expect(summary.history).toBe(history)
  client.start()
  build()
  for (const step of [7, 4]) {
    worker().say({ type: 'peeked', summary: { ...summary, step } })
    client.accept()
    build(step)
    expect(tables.snapshots).toEqual(step === 7 ? before : before.slice(0, 1))
  }
  tell(5, 6)
  expect(spans()).toEqual([
    [1, 4],
    [5, 6],
  ])
})
