import { beforeAll, describe, expect, it } from 'vitest'
import { syntheticData } from '../data/testing/synthetic.ts'
import type { FaultCode } from '../errors.ts'
import { smallSettings } from '../training/testing/small.ts'
import { Desk, startOf } from './testing/desk.ts'
import { duringSteps } from './testing/duringSteps.ts'
import { GatedSource } from './testing/gatedSource.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

let desk: Desk
beforeAll(async () => {
  const { manifest, files } = await syntheticData(2)
  desk = new Desk(new GatedSource(manifest, files))
})

const codes = (): FaultCode[] => desk.all('fault').map(({ fault }) => fault.code)

/** Waits until everything that has happened so far has been told. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 200))

describe('a run that diverges', () => {
  it('stops with a fault and goes on when the cause is gone', async () => {
    const settings = { ...smallSettings(), frequencyWeight: Infinity }
    desk.send({ ...startOf(1), settings })
    await desk.reaches(1, 'paused')
    desk.send({ type: 'train', runId: 1 })
    const stopped = await desk.reaches(1, 'stopped')
    expect(stopped).toMatchObject({ step: 0, imagesPerSecond: 0 })
    expect(codes()).toEqual(['diverged'])
    expect(desk.steps(1)).toEqual([])

    // The last good state can be saved, and again an attempt says why it fails.
    desk.send({ type: 'step', runId: 1 })
    await desk.next('fault', () => codes().length === 2)
    desk.send({ type: 'export', purpose: 'save', runId: 1, history: '' })
    const { fileName } = await desk.next('checkpoint')
    expect(fileName).toContain('step-0')

    desk.send({ type: 'change', runId: 1, values: { frequencyWeight: 0.1 } })
    const paused = await desk.pausesAfter(1, () => desk.send({ type: 'step', runId: 1 }))
    expect(paused.step).toBe(1)
    expect(desk.steps(1)).toEqual([1])
    expect(codes()).toEqual(['diverged', 'diverged'])
  })

  it('is found by an export in the middle of training, which then saves the last good state', async () => {
    await desk.start(2)
    desk.events.length = 0
    desk.send({ ...startOf(3), settings: { ...smallSettings(), frequencyWeight: Infinity } })
    await desk.reaches(3, 'paused')
    duringSteps({ 1: () => desk.send({ type: 'export', purpose: 'save', runId: 3, history: '' }) })
    desk.send({ type: 'step', runId: 3 })
    await desk.next('checkpoint')
    await desk.reaches(3, 'stopped')
    await quiet()
    expect(codes()).toEqual(['diverged'])
  })
})
