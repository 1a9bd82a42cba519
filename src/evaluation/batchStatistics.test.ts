import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { Parameters, type ParameterSpec } from '../engine/parameters.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import type { EvaluationRequest } from '../results.ts'
import type { SettingValues } from '../settings/rows.ts'
import { convolving, convolvingMethod } from '../training/testing/convolving.ts'
import { keptStatistics } from './batchStatistics.ts'
import { evaluate } from './evaluate.ts'
import { randomInitFloors } from './floors.ts'
import { finish } from './job.ts'
import { protocolOf } from './knnProtocol.ts'
import { Snapshot } from './snapshot.ts'
import type { Subject } from './subject.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }
const quick = {
  ...{ statisticsImages: 250, knnBank: 40, knnTest: 20 },
  ...{ probeTrain: 40, probeTest: 20, probeEpochs: 2, shapesTrain: 20, shapesTest: 10 },
  ...{ finetuneEpochs: 1, finetuneBatch: 8, finetuneScratch: false },
}

let small: Awaited<ReturnType<typeof smallSubject>>
let specs: readonly ParameterSpec[]
/** Values as training might leave them, by name; statistics of some other images among them. */
let trained: Map<string, Float32Array>
beforeAll(async () => {
  small = await smallSubject(engine(), quick, { train: 230 })
  specs = convolvingMethod.parameters(small.settings)
  trained = new Map(specs.map(({ name, initial }) => [name, initial().map(movedIf(name))]))
})
afterAll(() => small.dispose())

const isStatistic = (name: string): boolean => name.includes('.running_')
const movedIf =
  (name: string) =>
  (value: number, i: number): number =>
    isStatistic(name) ? value + 0.1 * ((i % 3) + 1) : value

const subjectWith = (values: SettingValues = {}): Subject => ({
  ...small,
  description: convolving,
  method: convolvingMethod,
  settings: { ...small.settings, ...values },
  floors: new Map(),
})

const parametersOf = (values: ReadonlyMap<string, Float32Array>): Parameters =>
  new Parameters(
    engine(),
    specs.map((spec) => ({ ...spec, initial: () => values.get(spec.name)! })),
  )

/** A snapshot of a network with these values, or of the untrained one. */
function snapshotOf(values: ReadonlyMap<string, Float32Array> | null, settings?: SettingValues) {
  const parameters = values && parametersOf(values)
  const snapshot = new Snapshot(subjectWith(settings), start, parameters)
  parameters?.dispose()
  return snapshot
}

/** What two passes make of the statistics, one tensor at a time and without any recording. */
async function afterTwoPasses(values: ReadonlyMap<string, Float32Array>) {
  const moved = new Map(values)
  for (const share of [1, 1 / 2]) {
    const first = share === 1 ? 0 : 100
    const indices = Array.from({ length: 100 }, (_, i) => first + i)
    const parameters = parametersOf(moved)
    const boxes = indices.map(() => WHOLE_IMAGE)
    const views = small.train.device.views(indices, boxes, convolvingMethod.normalisation)
    const request = { wanted: ['pooled'], statistics: tf.scalar(share) }
    const found = convolvingMethod.features(small.settings, views, parameters, request)
    for (const [name, tensor] of Object.entries(found.updates!))
      moved.set(name, (await tensor.data()) as Float32Array)
    tf.dispose([views, request.statistics, ...found.features, ...Object.values(found.updates!)])
    parameters.dispose()
  }
  return moved
}

const featuresOf = async (snapshot: Snapshot): Promise<Float32Array> => {
  const banks = await finish(snapshot.features('test', 12, ['pooled'], 'Features'))
  return banks.get('pooled')!.read(12)
}

describe('the statistics with which batch norm is evaluated', () => {
  it('are the mean over whole batches of undisturbed training images', async () => {
    const snapshot = snapshotOf(trained)
    expect(() => snapshot.weights).toThrow(/statistics/)
    const seen: string[] = []
    await finish(snapshot.prepare(), ({ stage, done, total }) =>
      seen.push(`${stage} ${done}/${total}`),
    )
    // 230 images are two whole batches.
    expect(seen).toEqual(['Statistics of batch norm 1/2', 'Statistics of batch norm 2/2'])
    const values = await snapshot.weights.read()
    expect(values).toEqual(await afterTwoPasses(trained))
    for (const name of ['bn1.running_mean', 'layer2.0.downsample.1.running_var'])
      expect(values.get(name)).not.toEqual(trained.get(name))
    expect((await snapshot.prepare().next()).done).toBe(true)
    snapshot.dispose()
  })

  it('are the untrained network’s own where it is the floor', async () => {
    const snapshot = snapshotOf(null)
    await finish(snapshot.prepare())
    const initial = new Map(specs.map(({ name, initial: draw }) => [name, draw()]))
    expect(await snapshot.weights.read()).toEqual(await afterTwoPasses(initial))
    snapshot.dispose()
    // They are kept by whose statistics they were found with.
    const subject = subjectWith()
    const floorsOf = (of: Subject) => randomInitFloors(of, protocolOf(of), ['stage1'])
    await finish(floorsOf(subject))
    expect((await floorsOf(subject).next()).done).toBe(true)
    const settings = { ...subject.settings, batchStatistics: 'training' }
    const job = floorsOf({ ...subject, settings })
    expect((await job.next()).done).toBe(false)
    await job.return({})
  })

  it('change with the setting: what was found under others is forgotten, the run’s own are not', async () => {
    const snapshot = snapshotOf(trained)
    const undisturbed = await featuresOf(snapshot)
    snapshot.renew(subjectWith({ batchStatistics: 'training' }))
    expect(snapshot.has('test', 1, 'pooled')).toBe(false)
    const ofTraining = await featuresOf(snapshot)
    expect(ofTraining).not.toEqual(undisturbed)
    expect(await snapshot.weights.read()).toEqual(trained)
    snapshot.renew(subjectWith())
    expect(await featuresOf(snapshot)).toEqual(undisturbed)
    // Another setting of evaluations changes nothing, another number of images does.
    snapshot.renew(subjectWith({ probeEpochs: 3 }))
    expect(snapshot.has('test', 12, 'pooled')).toBe(true)
    snapshot.renew(subjectWith({ statisticsImages: 100 }))
    expect(snapshot.has('test', 12, 'pooled')).toBe(false)
    snapshot.dispose()
  })

  it.each<EvaluationRequest>([{ kind: 'knn' }, { kind: 'finetune', representation: 'pooled' }])(
    'are those of an evaluation: $kind',
    async (request) => {
      const snapshot = snapshotOf(trained)
      const given = snapshotOf(await afterTwoPasses(trained), { batchStatistics: 'training' })
      const result = await finish(evaluate(snapshot, request))
      expect(result.kind).toBe(request.kind)
      expect(result).toEqual(await finish(evaluate(given, request)))
      if (result.kind === 'knn') expect(result.scores[0]!.health.tokenSimilarity).toBeNull()
      for (const each of [snapshot, given]) each.dispose()
    },
  )

  it('are not taken again for another evaluation of the same network', async () => {
    const snapshot = snapshotOf(trained)
    const first = await finish(evaluate(snapshot, { kind: 'knn' }))
    const stages: string[] = []
    const again = await finish(evaluate(snapshot, { kind: 'knn' }), ({ stage }) =>
      stages.push(stage),
    )
    expect(again).toEqual(first)
    expect(stages.filter((stage) => /Statistics|Features/.test(stage))).toEqual([])
    snapshot.dispose()
  })

  it('are taken for the floor of shape and texture', async () => {
    const snapshot = new Snapshot(subjectWith(), { ...start, step: 1 }, null)
    const shapes = await finish(evaluate(snapshot, { kind: 'shapes', representation: 'pooled' }))
    if (shapes.kind !== 'shapes') throw new Error(shapes.kind)
    // The network is the untrained one, and so is its floor.
    for (const { trained: own, untrained } of [shapes.shape, shapes.texture])
      expect(own).toBe(untrained)
    snapshot.dispose()
  })

  it('are taken of the teacher, too', async () => {
    const method = {
      ...convolvingMethod,
      teacher: { averages: (name: string) => !name.startsWith('predictor.') },
    }
    const subject = { ...subjectWith(), method: method as unknown as Subject['method'] }
    const snapshot = new Snapshot(subject, start, null)
    await finish(snapshot.prepare())
    const student = await snapshot.weights.read()
    for (const [name, values] of await snapshot.weights.teacher!.read())
      expect(values).toEqual(student.get(name))
    expect(student.get('bn1.running_mean')).not.toEqual(new Float32Array(4))
    snapshot.dispose()
  })
})

it('taking them leaves nothing behind when it is ended early', async () => {
  const snapshot = snapshotOf(trained)
  const before = engine().memory().tensors
  const job = snapshot.prepare()
  await job.next()
  await job.return()
  engine().trim()
  expect(engine().memory().tensors).toBe(before)
  expect(() => snapshot.weights).toThrow(/statistics/)
  snapshot.dispose()
})

it('a transformer has none', async () => {
  const parameters = new Parameters(engine(), small.method.parameters(small.settings))
  expect(keptStatistics(small, parameters)).toEqual([])
  const snapshot = new Snapshot(small, start, parameters)
  expect((await snapshot.prepare().next()).done).toBe(true)
  snapshot.dispose()
  parameters.dispose()
})
