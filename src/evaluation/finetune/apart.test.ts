import { describe, expect, it } from 'vitest'
import { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import type { EvaluationProgress } from '../../results.ts'
import { noiseImages, smallRun } from '../../training/testing/small.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { evaluateFinetune } from './finetune.ts'
import { faultOf, REQUEST, smallSnapshot, START } from './testing/small.ts'

const engine = useEngine()

/** What is held after a whole job, which leaves kernels and their sizes for the next one. */
async function memoryAfterOne(snapshot: Snapshot, seen: EvaluationProgress[] = []) {
  await finish(evaluateFinetune(snapshot, REQUEST), (progress) => seen.push(progress))
  engine().trim()
  return engine().memory()
}

describe('a job leaves nothing behind', () => {
  it('that is ended early, wherever it stood', async () => {
    const { snapshot, dispose } = await smallSnapshot(engine())
    const seen: EvaluationProgress[] = []
    const before = await memoryAfterOne(snapshot, seen)
    const stops = [
      // Before the first step; then after it, after a slice of testing, and after a step of the second network.
      1,
      seen.findIndex(({ done }) => done === 1) + 1,
      seen.findIndex(({ point }) => point),
      seen.findIndex(({ stage, done }) => done === 1 && stage === 'Training from scratch') + 1,
    ]
    expect(stops).toEqual(stops.toSorted((a, b) => a - b))
    for (const stop of stops) {
      const job = evaluateFinetune(snapshot, REQUEST)
      for (let slice = 0; slice < stop; slice++) expect((await job.next()).done).toBe(false)
      await job.return(undefined as never)
      engine().trim()
      expect(engine().memory()).toEqual(before)
    }
    dispose()
  })

  it('that diverges, and says so', async () => {
    const { subject, snapshot, dispose } = await smallSnapshot(engine(), { finetuneWarmup: 0 })
    const specs = subject.method.parameters(subject.settings)
    const broken = new Parameters(
      engine(),
      specs.map((spec) => ({
        ...spec,
        initial: () => new Float32Array(spec.initial().length).fill(NaN),
      })),
    )
    const bad = new Snapshot(subject, START, broken)
    const before = await memoryAfterOne(snapshot)
    const fault = await faultOf(bad, 'patches')
    expect(fault.code).toBe('diverged')
    expect(fault.what).toMatch(/step 1 /)
    engine().trim()
    expect(engine().memory()).toEqual(before)
    for (const each of [broken, bad]) each.dispose()
    dispose()
  })
})

it('changes no bit of a training that goes on beside it', async () => {
  const images = noiseImages(64)
  const alone = await smallRun(engine(), {}, images)
  await alone.trainTo(6)
  const { parameters } = alone.trainer
  const values = await parameters.read(parameters.values)
  const moments = await parameters.read(parameters.secondMoments)

  const beside = await smallRun(engine(), {}, images)
  await beside.trainTo(2)
  const { subject, dispose } = await smallSnapshot(engine(), { finetuneScratch: false })
  const snapshot = new Snapshot(subject, START, beside.trainer.parameters)
  const job = evaluateFinetune(snapshot, REQUEST)
  let finished = false
  while (!finished || beside.trainer.steps < 6) {
    if (!finished) finished = (await job.next()).done === true
    if (beside.trainer.steps < 6) await beside.trainer.step()
  }
  await beside.trainer.settle()
  const own = beside.trainer.parameters
  expect(await own.read(own.values)).toEqual(values)
  expect(await own.read(own.secondMoments)).toEqual(moments)
  const losses = (run: typeof alone) => run.rows.map(({ values: { loss } }) => loss)
  expect(losses(beside)).toEqual(losses(alone))
  for (const each of [snapshot, alone, beside]) each.dispose()
  dispose()
})
