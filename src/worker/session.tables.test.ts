import { beforeAll, expect, it, vi } from 'vitest'
import { smallSettings } from '../training/testing/small.ts'
import { placesAt, tallying, tallyingMethod } from '../training/testing/tallying.ts'
import { guardSession } from './testing/guardSession.ts'
import { loseGpu, LossDesk } from './testing/lossDesk.ts'

// The session finds no other method than the one with tables.
vi.mock('../methods/registry.ts', () => ({ methods: [tallying], findMethod: () => tallying }))
vi.mock('../methods/load.ts', () => ({ loadMethod: () => Promise.resolve(tallyingMethod) }))

guardSession()

let desk: LossDesk
beforeAll(async () => {
  desk = await LossDesk.open()
})

const settings = smallSettings()

/** The tables that were told, with what the steps they are about must give; each step in one of them. */
function told(since = 0) {
  return desk
    .all('tables', 1)
    .filter(({ snapshot }) => snapshot.from > since)
    .map(({ snapshot }) => {
      const { from, step, values } = snapshot
      const expected = Array.from(values.place!, () => 0)
      for (let done = from - 1; done < step; done++)
        placesAt(settings, done).forEach((value, at) => (expected[at]! += value))
      return { from, step, place: [...values.place!], expected }
    })
}

/** Steps that were told, each of them once and in order. */
const stepsOf = (snapshots: ReturnType<typeof told>) =>
  snapshots.flatMap(({ from, step }) => Array.from({ length: step - from + 1 }, (_, i) => from + i))

const upTo = (step: number, from = 1) => Array.from({ length: step - from + 1 }, (_, i) => from + i)

it('the tables of every step are told once: at a pause, with a checkpoint, before and after the loss of the GPU', async () => {
  await desk.restingAt(1, 2)
  await desk.pausesAfter(1, () => desk.send({ type: 'train', runId: 1, until: 9 }))
  const paused = told()
  expect(stepsOf(paused)).toEqual(upTo(9, 3))
  for (const { place, expected } of paused) expect(place).toEqual(expected)

  const { parameters } = await desk.saved(1)
  const bias = desk.all('tables', 1).at(-1)!.snapshot.values.bias!
  expect([...bias]).toEqual([...parameters.get('encoder.bias')!.data])

  desk.send({ type: 'train', runId: 1 })
  await desk.reaches(1, 'training', 11)
  const from = desk.events.length
  const { step: saved } = await desk.saved(1)
  const upToFile = desk.events.findIndex(({ type }, at) => at >= from && type === 'checkpoint')
  const before = desk.events.slice(0, upToFile).findLast(({ type }) => type === 'tables')
  expect(before).toMatchObject({ snapshot: { step: saved } })

  await desk.reaches(1, 'training', saved + 2)
  loseGpu()
  const { step } = await desk.next('recovered')
  const lostAt = desk.events.findIndex(({ type }) => type === 'recovered')
  desk.send({ type: 'pause', runId: 1 })
  const status = await desk.reaches(1, 'paused', 0, lostAt)
  const after = desk.events.slice(lostAt)
  desk.events.splice(0, desk.events.length, ...after)
  const again = told()
  expect(stepsOf(again)).toEqual(upTo(status.step, step + 1))
  for (const { place, expected } of again) expect(place).toEqual(expected)
  expect(desk.codes).toEqual([])
})
