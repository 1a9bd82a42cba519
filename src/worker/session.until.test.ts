import { beforeAll, describe, expect, it } from 'vitest'
import { duringSteps } from './testing/duringSteps.ts'
import { guardSession } from './testing/guardSession.ts'
import { loseGpu, LossDesk, quiet } from './testing/lossDesk.ts'

guardSession()

let desk: LossDesk
beforeAll(async () => {
  desk = await LossDesk.open()
})

const upTo = (step: number, from = 1) => Array.from({ length: step - from + 1 }, (_, i) => from + i)

describe('train with a step to end at', () => {
  const id = 20
  const train = (until?: number) =>
    desk.pausesAfter(id, () =>
      desk.send({ type: 'train', runId: id, ...(until !== undefined && { until }) }),
    )
  beforeAll(async () => {
    await desk.start(id)
  })

  it('makes every step up to it, none more, and pauses', async () => {
    expect(await train(7)).toMatchObject({ step: 7, goesOn: false })
    expect(desk.steps(id)).toEqual(upTo(7))
    await quiet()
    expect(desk.all('status').at(-1)).toMatchObject({ state: 'paused', step: 7 })
    const training = desk.all('status', id).filter(({ state }) => state === 'training')
    expect(training.every(({ goesOn }) => goesOn)).toBe(true)
  })

  it.each([7, 3])('that is done already says so and stays: %i', async (until) => {
    expect(await train(until)).toMatchObject({ step: 7, goesOn: false })
    await quiet()
    expect(desk.all('status').at(-1)).toMatchObject({ state: 'paused', step: 7 })
    expect(desk.steps(id)).toEqual(upTo(7))
  })

  it('takes the newest one, and pauses at once when that is done', async () => {
    duringSteps({ 9: () => desk.send({ type: 'train', runId: id, until: 12 }) })
    expect(await train(1000)).toMatchObject({ step: 12 })
    duringSteps({ 14: () => desk.send({ type: 'train', runId: id, until: 2 }) })
    expect(await train()).toMatchObject({ step: 14 })
    expect(desk.steps(id)).toEqual(upTo(14))
  })

  it('is forgotten by another train, by pause and by step', async () => {
    duringSteps({
      15: () => desk.send({ type: 'train', runId: id }),
      18: () => desk.send({ type: 'pause', runId: id }),
    })
    expect(await train(16)).toMatchObject({ step: 18 })
    const step = await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    expect(step.step).toBe(19)
    expect(desk.steps(id)).toEqual(upTo(19))
  })
})

describe('train with a step to end at, whose GPU is lost', () => {
  it('goes on to it by itself', async () => {
    const id = 21
    await desk.restingAt(id, 3)
    duringSteps({ 6: loseGpu })
    const from = desk.events.length
    desk.send({ type: 'train', runId: id, until: 8 })
    expect(await desk.reaches(id, 'recovering', 0, from)).toMatchObject({ goesOn: true })
    expect(await desk.reaches(id, 'paused', 0, from)).toMatchObject({ step: 8, goesOn: false })
    expect(desk.all('recovered')).toMatchObject([{ runId: id, step: 3 }])
    expect(new Set(desk.steps(id))).toEqual(new Set(upTo(8, 4)))
    expect(desk.codes).toEqual([])
  })

  it('in the last step makes the lost steps again and rests there', async () => {
    const id = 22
    await desk.restingAt(id, 2)
    duringSteps({ 4: loseGpu })
    const from = desk.events.length
    desk.send({ type: 'train', runId: id, until: 4 })
    await desk.reaches(id, 'recovering', 0, from)
    expect(await desk.reaches(id, 'paused', 0, from)).toMatchObject({ step: 4, goesOn: false })
    await quiet()
    expect(desk.all('status').at(-1)).toMatchObject({ state: 'paused', step: 4 })
    expect(desk.codes).toEqual([])
  })
})
