import { beforeEach, expect, test, vi } from 'vitest'
import { arrange } from './places.ts'
import { setUp } from './testing/page.ts'
import { placesPicture } from './testing/placesPicture.ts'
import { lookAtPlaces, pickedOf } from './view.ts'

vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const methods = real.methods.map((method) => ({ ...method, hasPlaces: () => true }))
  return { ...real, methods, findMethod: (id) => methods.find((method) => method.id === id) }
})

const own = { real: [0, 5], claimed: [5, 0] }

/** A run whose patches are arranged. */
function setUpPlaces() {
  const page = setUp()
  const { client, session, worker } = page
  client.start()
  page.build()
  client.changeView((view) => ({ ...view, tab: 'places' }))
  const sample = pickedOf(session.getState().view)!
  client.changeView((view) => lookAtPlaces(view, (look) => arrange(look, sample, own)))
  const asked = () => worker().of('pictures').at(-1)!.request.places
  const say = (picture = placesPicture(), step = 1) =>
    worker().say({ type: 'picture', runId: session.getState().runId, step, picture })
  return { ...page, sample, asked, say }
}

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

test('patches stay as they were arranged while settings change and other images are looked at', () => {
  const { client, session, worker, sample, asked } = setUpPlaces()
  expect(asked()).toEqual({ sample, tokens: own, sweep: null })
  const { runId, view } = session.getState()
  worker().say({ type: 'changed', runId, step: 3, key: 'learningRate', from: 1, to: 2 })
  const other = view.samples.find((index) => index !== sample)!
  client.changeView((now) => ({ ...now, picked: other }))
  expect(asked()).toEqual({ sample: other, tokens: null, sweep: null })
  client.changeView((now) => ({ ...now, picked: sample }))
  expect(asked()?.tokens).toEqual(own)
})

test('another run, whose patches may be larger, begins as drawn', () => {
  const { client, session, asked, say, sample } = setUpPlaces()
  client.changeView((view) => lookAtPlaces(view, (look) => ({ ...look, sweep: 5 })))
  say()
  client.start()
  expect(session.getState()).toMatchObject({ places: null, swept: null, similarity: null })
  expect(asked()).toEqual({ sample, tokens: null, sweep: null })
})

test('what only concerns the page is not asked for anew', () => {
  const { client, worker } = setUpPlaces()
  const before = worker().of('pictures').length
  client.changeView((view) =>
    lookAtPlaces(view, (look) => ({ ...look, heat: false, threshold: 0.2, meeting: 'share' })),
  )
  expect(worker().of('pictures')).toHaveLength(before)
})

test('a sweep is kept while pictures come without one, as they do while a patch is moved', () => {
  const { session, say } = setUpPlaces()
  const values = new Float32Array(16)
  say(placesPicture(undefined, { sweep: { cell: 5, own: values, others: values } }), 3)
  say(placesPicture(own), 4)
  const { places, swept } = session.getState()
  expect(places?.step).toBe(4)
  expect(swept).toMatchObject({ step: 3, cell: 5, sample: 17 })
  expect(swept?.arrangement).toEqual({ real: [0, 5, 10, 15], claimed: [0, 6, 10, 2] })
})
