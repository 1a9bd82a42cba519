import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import type { EvaluationRequest } from '../results.ts'
import { smallRun, smallSettings, type SmallRun } from '../training/testing/small.ts'
import { teaching, teachingMethod } from '../training/testing/teaching.ts'
import type { Weights } from '../training/weights.ts'
import { evaluate } from './evaluate.ts'
import { anatomyOf } from './finetune/anatomy.ts'
import { finish } from './job.ts'
import { Snapshot } from './snapshot.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()

const method = teachingMethod('before')
const values = { learningRate: 1e-2, scheduleSteps: 20, warmupFraction: 0 }
const evaluation = {
  ...{ knnBank: 64, knnTest: 32, probeTrain: 40, probeTest: 20, probeEpochs: 2 },
  ...{ finetuneEpochs: 2, finetuneBatch: 8, finetuneScratch: false },
}
const settings = smallSettings({ ...values, ...evaluation })
const start = { step: 0, epoch: 0, seconds: 0 }

let run: SmallRun
let subject: Awaited<ReturnType<typeof smallSubject>>
let state: Awaited<ReturnType<SmallRun['trainer']['state']>>
beforeAll(async () => {
  subject = {
    ...(await smallSubject(engine(), evaluation)),
    description: teaching,
    method,
    settings,
  }
  run = await smallRun(engine(), { settings, description: teaching, method })
  await run.trainTo(4)
  state = await run.trainer.state()
})
afterAll(() => {
  run.dispose()
  subject.dispose()
})

const dataOf = (tensors: Weights['teacher']) =>
  new Map([...tensors].map(([name, { data }]) => [name, data]))

const featuresOf = async (snapshot: Snapshot, name: string) => {
  const banks = await finish(snapshot.features('train', 10, [name], 'Features'))
  return banks.get(name)!.read()
}

describe('a snapshot of a network with a teacher', () => {
  it('holds both as they were', async () => {
    const own = await smallRun(engine(), { settings, description: teaching, method, state })
    const snapshot = new Snapshot(subject, start, own.trainer.parameters)
    await own.trainTo(6)
    expect(await snapshot.weights.read()).toEqual(dataOf(state.parameters))
    expect(await snapshot.weights.teacher!.read()).toEqual(dataOf(state.teacher))
    expect(dataOf((await own.trainer.state()).teacher)).not.toEqual(dataOf(state.teacher))
    snapshot.dispose()
    own.dispose()
  })

  it('is a network twice at the beginning', async () => {
    const snapshot = new Snapshot(subject, start, null)
    const [student, teacher] = [
      await snapshot.weights.read(),
      await snapshot.weights.teacher!.read(),
    ]
    expect([...teacher.keys()].sort()).toEqual(['encoder.bias', 'encoder.weight'])
    for (const [name, data] of teacher) expect(data).toEqual(student.get(name))
    expect(await featuresOf(snapshot, 'teacher')).toEqual(await featuresOf(snapshot, 'student'))
    snapshot.dispose()
  })

  it('gives the features of each', async () => {
    const snapshot = new Snapshot(subject, start, run.trainer.parameters)
    const indices = Array.from({ length: 10 }, (_, i) => i)
    const boxes = indices.map(() => WHOLE_IMAGE)
    const views = subject.train.device.views(indices, boxes, method.normalisation)
    const wanted = ['teacher', 'student']
    const { features, tokens } = method.features(settings, views, run.trainer.parameters, {
      wanted,
    })
    const expected = await Promise.all(features.map((each) => each.data()))
    expect(expected[0]).not.toEqual(expected[1])
    for (const [i, name] of wanted.entries())
      expect((await featuresOf(snapshot, name)).slice(0, expected[i]!.length)).toEqual(expected[i])
    for (const tensor of [views, ...features, tokens!]) tensor.dispose()
    snapshot.dispose()
  })

  it.each<EvaluationRequest>([
    { kind: 'knn' },
    { kind: 'linear', representation: 'teacher' },
    { kind: 'neighbours', representation: 'teacher', query: { split: 'test', index: 1 } },
  ])('is evaluated: $kind', async (request) => {
    const snapshot = new Snapshot(subject, start, run.trainer.parameters)
    const result = await finish(evaluate(snapshot, request))
    expect(result.kind).toBe(request.kind)
    if (result.kind === 'knn')
      expect(result.scores.map(({ representation }) => representation)).toEqual([
        'teacher',
        'student',
      ])
    snapshot.dispose()
  })
})

describe('fine-tuning', () => {
  const curveOf = async (from: Snapshot, representation: string) => {
    const result = await finish(evaluate(from, { kind: 'finetune', representation }))
    if (result.kind !== 'finetune') throw new Error(result.kind)
    return result.pretrained.curve
  }

  it('starts from the weights of the network that is looked at', async () => {
    const snapshot = new Snapshot(subject, start, run.trainer.parameters)
    // The same run, but the student is where its teacher is.
    const parameters = new Map([...state.parameters, ...state.teacher])
    const caughtUp = await smallRun(engine(), {
      ...{ settings, description: teaching, method },
      state: { ...state, parameters },
    })
    const other = new Snapshot(subject, start, caughtUp.trainer.parameters)
    const [teacher, student] = [
      await curveOf(snapshot, 'teacher'),
      await curveOf(snapshot, 'student'),
    ]
    expect(teacher).not.toEqual(student)
    expect(teacher).toEqual(await curveOf(other, 'student'))
    for (const each of [snapshot, other, caughtUp]) each.dispose()
  })

  it('trains the same parameters for either network', () => {
    const snapshot = new Snapshot(subject, start, null)
    for (const representation of ['teacher', 'student'])
      expect(anatomyOf(subject, snapshot.weights, representation, 2)).toEqual({
        names: ['encoder.weight', 'encoder.bias'],
        statistics: [],
        width: 12,
      })
    snapshot.dispose()
  })
})
