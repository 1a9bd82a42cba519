import { expect, it } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import type { EvaluationRequest } from '../results.ts'
import { smallRun, smallSettings } from '../training/testing/small.ts'
import { evaluate } from './evaluate.ts'
import { Snapshot } from './snapshot.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const STEPS = 14

/** Losses and weights of a run, with or without evaluations whose slices are done between and beside its steps. */
async function train(requests: readonly EvaluationRequest[]) {
  const settings = smallSettings()
  const { trainer, rows, dispose } = await smallRun(engine(), { settings })
  const subject = await smallSubject(engine())
  await trainer.step()
  let slices = 0
  for (const request of requests) {
    const moment = { step: trainer.steps, epoch: 0, seconds: 0 }
    const snapshot = new Snapshot({ ...subject, settings }, moment, trainer.parameters)
    const job = evaluate(snapshot, request)
    let over = false
    while (!over) {
      const slice = job.next()
      // Every other step is encoded while the slice is under way.
      if (trainer.steps < STEPS && slices % 2 === 0) await trainer.step()
      over = (await slice).done === true
      if (trainer.steps < STEPS && slices % 2 === 1) await trainer.step()
      slices++
    }
    snapshot.dispose()
    engine().trim()
  }
  while (trainer.steps < STEPS) await trainer.step()
  await trainer.settle()
  const { parameters, firstMoments, secondMoments } = await trainer.state()
  dispose()
  subject.dispose()
  const losses = rows.map(({ step, values }) => [step, values.loss, values.gradNorm])
  return { losses, weights: [parameters, firstMoments, secondMoments], slices }
}

it('leaves training as it is, bit for bit', async () => {
  const plain = await train([])
  const query = { split: 'test', index: 3 } as const
  const watched = await train([
    { kind: 'knn' },
    { kind: 'neighbours', representation: 'class', query },
    { kind: 'map', representation: 'patches' },
  ])
  expect(watched.slices).toBeGreaterThan(STEPS)
  expect(plain.losses).toHaveLength(STEPS)
  expect(watched.losses).toEqual(plain.losses)
  expect(watched.weights).toEqual(plain.weights)
})
