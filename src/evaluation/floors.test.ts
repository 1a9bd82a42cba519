import { expect, it } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import type { SettingValues } from '../settings/rows.ts'
import { randomInitFloors, rawPixelFloor } from './floors.ts'
import { finish, type Job } from './job.ts'
import { protocolOf } from './knnProtocol.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()

/** Whether a job has its result at once. */
async function isKnown(job: Job<unknown>): Promise<boolean> {
  const { done } = await job.next()
  if (!done) await job.return(undefined)
  return done === true
}

it('computes floors once, and again when what they depend on changes', async () => {
  const subject = await smallSubject(engine(), { knnBank: 40, knnTest: 20 })
  const withSettings = (values: SettingValues) => {
    const changed = { ...subject, settings: { ...subject.settings, ...values } }
    const protocol = protocolOf(changed)
    return {
      pixels: () => rawPixelFloor(changed, protocol),
      untrained: () => randomInitFloors(changed, protocol, ['patches']),
    }
  }
  const same = withSettings({})
  const pixels = await finish(same.pixels())
  const untrained = await finish(same.untrained())
  expect(await same.pixels().next()).toEqual({ done: true, value: pixels })
  expect(await same.untrained().next()).toEqual({ done: true, value: untrained })
  const trainedOtherwise = withSettings({ learningRate: 0.5 })
  expect(await isKnown(trainedOtherwise.untrained())).toBe(true)
  for (const values of [{ seed: 5 }, { width: 16 }] as SettingValues[]) {
    const other = withSettings(values)
    expect(await isKnown(other.pixels())).toBe(true)
    expect(await isKnown(other.untrained())).toBe(false)
  }
  for (const values of [
    { knnBank: 41 },
    { knnTest: 21 },
    { knnNeighbours: 3 },
    { knnTemperature: 3 },
  ] as SettingValues[])
    expect(await isKnown(withSettings(values).pixels())).toBe(false)
  expect(await isKnown(withSettings({ knnNeighbours: 3 }).untrained())).toBe(false)
  subject.dispose()
})
