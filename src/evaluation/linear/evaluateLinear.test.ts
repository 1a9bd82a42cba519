import { expect, it } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { smallSettings } from '../../training/testing/small.ts'
import { evaluate } from '../evaluate.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { smallSubject } from '../testing/subject.ts'
import { evaluateLinear } from './evaluateLinear.ts'
import { trainedProbe } from './trainedProbe.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }
const settings = { probeEpochs: 3, probeBatch: 24, probeTrain: 500, probeTest: 30 }

it('evaluates a snapshot as far as there are images, and keeps the probe', async () => {
  const subject = await smallSubject(engine(), settings)
  const snapshot = new Snapshot(subject, start, null)
  const stages: string[] = []
  const request = { kind: 'linear', representation: 'class' } as const
  const result = await finish(evaluate(snapshot, request), ({ stage }) => stages.push(stage))
  expect(result).toMatchObject({
    kind: 'linear',
    representation: 'class',
    trainImages: 64,
    testImages: 30,
  })
  const { curve, confusion } = await finish(evaluateLinear(snapshot, request))
  expect(curve).toHaveLength(3)
  expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(30)
  expect([...new Set(stages)]).toEqual([
    'Training features',
    'Test features',
    'Training of the linear probe',
  ])
  const { probe } = await finish(trainedProbe(snapshot, 'class'))
  const again = await finish(trainedProbe(snapshot, 'class'))
  expect(again.probe).toBe(probe)
  expect(again.result).toEqual(result)
  expect((await finish(trainedProbe(snapshot, 'patches'))).probe).not.toBe(probe)
  snapshot.renew({ ...subject, settings: smallSettings({ ...settings, probeEpochs: 2 }) })
  expect((await finish(evaluateLinear(snapshot, request))).curve).toHaveLength(2)
  snapshot.dispose()
  subject.dispose()
})

it('gives probes back: with the snapshot, or when another takes their place', async () => {
  const subject = await smallSubject(engine(), settings)
  const run = async (): Promise<void> => {
    const snapshot = new Snapshot(subject, start, null)
    await finish(evaluateLinear(snapshot, { representation: 'patches' }))
    snapshot.renew({ ...subject, settings: smallSettings({ ...settings, probeBatch: 32 }) })
    await finish(evaluateLinear(snapshot, { representation: 'patches' }))
    snapshot.dispose()
    engine().trim()
  }
  await run()
  const before = engine().memory()
  await run()
  expect(engine().memory()).toEqual(before)
  subject.dispose()
})

it('says what does not fit', async () => {
  const subject = await smallSubject(engine(), settings)
  const snapshot = new Snapshot(subject, start, null)
  const faultOf = async (of: Snapshot, representation: string) => {
    const error: unknown = await finish(evaluateLinear(of, { representation })).catch(
      (thrown: unknown) => thrown,
    )
    return (error as { fault?: { code: string; what: string } }).fault
  }
  const unknown = await faultOf(snapshot, 'dreams')
  expect(unknown?.code).toBe('setting-invalid')
  expect(unknown?.what).toContain('“dreams”')
  const host = { ...subject.train.host, labels: new Uint8Array(64).fill(255) }
  const unlabelled = new Snapshot({ ...subject, train: { ...subject.train, host } }, start, null)
  const missing = await faultOf(unlabelled, 'class')
  expect(missing?.code).toBe('setting-invalid')
  expect(missing?.what).toContain('no labels for the training images')
  for (const each of [snapshot, unlabelled, subject]) each.dispose()
})
