import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { Parameters } from '../engine/parameters.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { finish } from './job.ts'
import { Snapshot, TOKEN_SIMILARITY } from './snapshot.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }

it('gives the features of the forward pass, also in batches that are not full', async () => {
  const subject = await smallSubject(engine(), { depth: 2 }, { train: 130 })
  const snapshot = new Snapshot(subject, start, null)
  const wanted = ['class', 'layer1', 'patches', TOKEN_SIMILARITY]
  const seen: number[] = []
  const banks = await finish(snapshot.features('train', 123, wanted, 'Features'), ({ done }) =>
    seen.push(done),
  )
  expect(seen).toEqual([100, 123])
  const parameters = new Parameters(engine(), subject.method.parameters(subject.settings))
  const indices = Array.from({ length: 123 }, (_, i) => i)
  const views = subject.train.device.views(
    indices,
    indices.map(() => WHOLE_IMAGE),
    subject.method.normalisation,
  )
  const direct = subject.method.features(subject.settings, views, parameters, {
    wanted: wanted.slice(0, 3),
  })
  for (const [column, name] of wanted.slice(0, 3).entries())
    expect(await banks.get(name)!.read()).toEqual(await direct.features[column]!.data())
  const tokens = await direct.tokens!.array()
  const similarity = await banks.get(TOKEN_SIMILARITY)!.read()
  expect(similarity).toHaveLength(123)
  for (const image of [0, 122]) expect(similarity[image]).toBeCloseTo(meanCosine(tokens[image]!), 5)
  tf.dispose([views, ...direct.features, direct.tokens!])
  parameters.dispose()
  snapshot.dispose()
  subject.dispose()
})

it('keeps the network as it was, and computes features once', async () => {
  const subject = await smallSubject(engine())
  const parameters = new Parameters(engine(), subject.method.parameters(subject.settings))
  const ones = new Float32Array(parameters.length).fill(0.1)
  parameters.write(ones, ones, ones)
  const snapshot = new Snapshot(subject, start, parameters)
  const untrained = new Snapshot(subject, start, null)
  parameters.write(
    ones.map(() => 0.3),
    ones,
    ones,
  )
  const ask = (of: Snapshot) => finish(of.features('test', 5, ['patches'], 'Features'))
  const bank = (await ask(snapshot)).get('patches')!
  const values = await bank.read()
  expect((await ask(snapshot)).get('patches')).toBe(bank)
  expect(await (await ask(untrained)).get('patches')!.read()).not.toEqual(values)
  parameters.write(ones, ones, ones)
  const again = new Snapshot(subject, start, parameters)
  expect(await (await ask(again)).get('patches')!.read()).toEqual(values)
  for (const each of [snapshot, untrained, again, parameters, subject]) each.dispose()
})

it('frees what it holds when it is ended early', async () => {
  const subject = await smallSubject(engine(), {}, { train: 130 })
  const snapshot = new Snapshot(subject, start, null)
  const before = engine().memory()
  const job = snapshot.features('train', 130, ['patches'], 'Features')
  await job.next()
  await job.return(new Map())
  engine().trim()
  expect(engine().memory().tensors).toBe(before.tensors)
  expect(snapshot.has('train', 1, 'patches')).toBe(false)
  snapshot.dispose()
  subject.dispose()
})

/** Mean cosine between different rows, the slow way. */
function meanCosine(rows: readonly (readonly number[])[]): number {
  const unit = rows.map((row) => {
    const length = Math.hypot(...row)
    return row.map((value) => value / length)
  })
  let sum = 0
  unit.forEach((a, i) =>
    unit.forEach((b, j) => {
      if (i !== j) sum += a.reduce((dot, value, at) => dot + value * b[at]!, 0)
    }),
  )
  return sum / (rows.length * (rows.length - 1))
}
