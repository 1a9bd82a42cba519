import { beforeAll, describe, expect, it, vi } from 'vitest'
import { duringSteps } from './testing/duringSteps.ts'
import { loseGpu, LossDesk, quiet } from './testing/lossDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: LossDesk
beforeAll(async () => {
  desk = await LossDesk.open()
})

const view = { samples: [1, 2, 3, 4], maskSeed: 1, attentionSample: 1, tokens: false }

/** Metrics that are the same bits whenever a step is done again. */
const reproducible = (rows: Record<string, number>[]) =>
  rows.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 }))

/** The last row of every step. */
const newest = (rows: Record<string, number>[]) => [
  ...new Map(rows.map((row) => [row.step!, row])).values(),
]

describe('a GPU that is lost while training', () => {
  it('is replaced, and the run trains on by itself as if nothing had happened', async () => {
    await desk.restingAt(10, 5)
    await desk.trainTo(10, 16)
    const undisturbed = reproducible(desk.metrics(10))
    const { parameters } = await desk.saved(10)

    await desk.restingAt(11, 5)
    const view = { samples: [1, 2], maskSeed: 1, attentionSample: 1, tokens: false }
    desk.send({ type: 'pictures', runId: 11, request: view, perSecond: 1000 })
    duringSteps({ 9: loseGpu, 16: () => desk.send({ type: 'pause', runId: 11 }) })
    const paused = await desk.pausesAfter(11, () => desk.send({ type: 'train', runId: 11 }))
    expect(paused.step).toBe(16)
    const states = desk.all('status', 11).map(({ state }) => state)
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual([
      'training',
      'recovering',
      'training',
      'paused',
    ])
    const [recovered] = desk.all('recovered')
    expect(recovered).toMatchObject({ runId: 11, step: 5, changes: [] })
    // The ninth step was being made, and may have been counted.
    expect([3, 4]).toContain(recovered!.repeated)
    expect(desk.all('recovered')).toHaveLength(1)
    expect(desk.all('ready')).toHaveLength(1)
    expect(desk.codes).toEqual([])
    expect(reproducible(newest(desk.metrics(11)))).toEqual(undisturbed)
    expect((await desk.saved(11)).parameters).toEqual(parameters)
    await desk.next('picture', ({ picture, step }) => picture.kind === 'attention' && step === 16)
  })

  it('takes commands meanwhile: the last word counts', async () => {
    await desk.restingAt(12, 3)
    duringSteps({ 6: loseGpu })
    desk.send({ type: 'train', runId: 12 })
    await desk.reaches(12, 'recovering')
    desk.send({ type: 'pause', runId: 12 })
    desk.send({ type: 'change', runId: 12, values: { maskRatio: 0.9 } })
    const paused = await desk.reaches(12, 'paused')
    expect(paused).toMatchObject({ step: 3, goesOn: false })

    duringSteps({ 5: loseGpu })
    const from = desk.events.length
    desk.send({ type: 'train', runId: 12 })
    await desk.reaches(12, 'recovering', 0, from)
    for (const type of ['pause', 'train', 'pause', 'step'] as const) desk.send({ type, runId: 12 })
    expect((await desk.reaches(12, 'paused', 4, from)).step).toBe(4)
    expect(desk.codes).toEqual([])
    expect((await desk.saved(12)).settings.maskRatio).toBe(0.9)
  })

  it('gives way to a start that comes meanwhile', async () => {
    await desk.restingAt(13, 2)
    duringSteps({ 4: loseGpu })
    desk.send({ type: 'train', runId: 13 })
    await desk.reaches(13, 'recovering')
    await desk.start(14)
    expect((await desk.pausesAfter(14, () => desk.send({ type: 'step', runId: 14 }))).step).toBe(1)
    expect(desk.codes).toEqual([])
    expect(desk.all('status').at(-1)!.runId).toBe(14)
  })

  it('three times in a row stops the run, which is exported without a GPU and tried again on demand', async () => {
    await desk.restingAt(15, 4)
    const before = await desk.saved(15)
    duringSteps({ 7: loseGpu, 6: loseGpu, 8: loseGpu })
    desk.send({ type: 'train', runId: 15 })
    await desk.reaches(15, 'stopped')
    await quiet()
    expect(desk.codes).toEqual(['device-lost'])
    const { fault } = desk.all('fault')[0]!
    expect(fault.what).toContain('3 times in a row')
    expect(fault.kept).toContain('step 4')
    expect(desk.all('recovered').map(({ step }) => step)).toEqual([4, 4])
    const state = await desk.saved(15)
    expect(state).toEqual({ ...before, adapter: state.adapter })
    // What concerns only the page is heard; the run does not stir by itself.
    desk.send({ type: 'pictures', runId: 15, request: view, perSecond: 5 })
    desk.send({ type: 'change', runId: 15, values: { maskRatio: 0.9 } })
    await quiet()
    expect(desk.all('status').at(-1)!.state).toBe('stopped')

    const from = desk.events.length
    desk.send({ type: 'recover', runId: 15 })
    expect((await desk.reaches(15, 'paused', 4, from)).step).toBe(4)
    expect((await desk.pausesAfter(15, () => desk.send({ type: 'step', runId: 15 }))).step).toBe(5)
    expect(desk.codes).toEqual(['device-lost'])
  })

  it('and cannot be replaced stops the run; Train tries again', async () => {
    await desk.restingAt(16, 3)
    const open = vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null)
    loseGpu()
    await desk.reaches(16, 'stopped')
    expect(open).toHaveBeenCalledTimes(4)
    expect(desk.all('fault')).toMatchObject([{ fault: { code: 'device-lost' } }])
    expect(desk.all('fault')[0]!.fault.what).toContain('no GPU could be opened')
    expect((await desk.saved(16)).step).toBe(3)
    open.mockRestore()
    const from = desk.events.length
    desk.send({ type: 'train', runId: 16 })
    desk.send({ type: 'train', runId: 16 })
    await desk.reaches(16, 'training', 5, from)
    await desk.pausesAfter(16, () => desk.send({ type: 'pause', runId: 16 }))
    expect(desk.all('recovered')).toHaveLength(1)
    expect(desk.codes).toEqual(['device-lost'])
  })
})
