import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { WHOLE_IMAGE } from '../../data/boxes.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import { evaluate } from '../evaluate.ts'
import { FeatureBank } from '../featureBank.ts'
import { FeatureExtractor } from '../featureExtractor.ts'
import { FEATURE_BATCH } from '../imagePass.ts'
import { finish } from '../job.ts'
import { trainedProbe } from '../linear/trainedProbe.ts'
import { Snapshot } from '../snapshot.ts'
import { brightImages } from '../testing/images.ts'
import { smallSubject } from '../testing/subject.ts'
import {
  edgesOnly,
  patchesFilled,
  patchesShuffled,
  positionsPermuted,
  positionsRemoved,
  silhouetteOnly,
  tokensRemoved,
  type Disturbance,
} from './disturbances.ts'
import { evaluateRobustness } from './evaluateRobustness.ts'
import { accuraciesOf } from './trials.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }
const settings = { probeEpochs: 2, probeBatch: 24, probeTest: 30, robustnessTest: 30 }
const patches = { size: 8, cells: 16 }
const SHARES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]

it('disturbs in every way, keeps the clean accuracy first, and finds the same again', async () => {
  const subject = await smallSubject(engine(), settings)
  // An index beyond the tokens would give zeros without a word.
  expect(subject.description.patchSize(subject.settings)).toBe(patches.size)
  const snapshot = new Snapshot(subject, start, null)
  const totals = new Set<number>()
  const dones: number[] = []
  const request = { kind: 'robustness', representation: 'patches' } as const
  const result = await finish(evaluate(snapshot, request), ({ stage, done, total }) => {
    if (!/token|filled|shuffled|Positions|Edges/.test(stage)) return
    totals.add(total)
    dones.push(done)
  })
  expect([...totals]).toEqual([25])
  expect(dones).toEqual([...dones].sort((a, b) => a - b))
  expect(dones.at(-1)).toBe(25)
  if (result.kind !== 'robustness') throw new Error(result.kind)
  const { clean, tokensRemoved: tokens, patchesFilled: filled, patchesShuffled: shuffled } = result
  expect(tokens!.map(({ amount }) => amount)).toEqual(SHARES)
  expect(filled.map(({ amount }) => amount)).toEqual(SHARES)
  expect(shuffled.map(({ amount }) => amount)).toEqual([1, 2, 4, 8])
  for (const [first] of [tokens!, filled, shuffled]) expect(first!.accuracy).toBe(clean)
  expect(result.testImages).toBe(30)

  const { probe } = await finish(trainedProbe(snapshot, 'patches'))
  const labels = subject.test.host.labels.subarray(0, 30)
  const parts = { snapshot, representation: 'patches', probe, labels }
  const again = async (amount: number, disturbance: Disturbance) => {
    const group = { stage: 'test', trials: [{ amount, disturbance }] }
    return (await finish(accuraciesOf(parts, group, 0, 1)))[0]
  }
  const { normalisation } = subject.method
  expect({
    edges: (await again(0, edgesOnly(normalisation)))!.accuracy,
    silhouette: (await again(0, silhouetteOnly(normalisation)))!.accuracy,
  }).toEqual(result.outlines)
  expect(await again(70, tokensRemoved(1, 70, patches))).toEqual(tokens![7])
  expect(await again(40, patchesFilled(1, 40, patches))).toEqual(filled[4])
  expect(await again(4, patchesShuffled(1, 4))).toEqual(shuffled[2])
  expect({
    permuted: (await again(0, positionsPermuted(1, patches)))!.accuracy,
    removed: (await again(0, positionsRemoved))!.accuracy,
  }).toEqual(result.positions)
  snapshot.dispose()
  subject.dispose()
})

it('gives the clean accuracy where nothing is disturbed', async () => {
  const subject = await smallSubject(engine(), settings)
  const snapshot = new Snapshot(subject, start, null)
  const { probe, result } = await finish(trainedProbe(snapshot, 'patches'))
  const labels = subject.test.host.labels.subarray(0, 30)
  const parts = { snapshot, representation: 'patches', probe, labels }
  for (const disturbance of [
    tokensRemoved(1, 0, patches),
    patchesFilled(1, 0, patches),
    patchesShuffled(1, 1),
  ]) {
    const group = { stage: 'test', trials: [{ amount: 0, disturbance }] }
    const points = await finish(accuraciesOf(parts, group, 0, 1))
    expect(points).toEqual([{ amount: 0, accuracy: result.testAccuracy }])
  }
  snapshot.dispose()
  subject.dispose()
})

it.each<[string, Disturbance]>([
  ['tokens left out', tokensRemoved(1, 60, patches)],
  ['positions permuted', positionsPermuted(1, patches)],
  ['positions left out', positionsRemoved],
])('asks of the network what it says: %s', async (_, disturbance) => {
  const subject = await smallSubject(engine(), { relativePositions: true }, { test: 110 })
  const snapshot = new Snapshot(subject, start, null)
  const { method, settings: values, test } = subject
  const extractor = new FeatureExtractor({
    engine: engine(),
    method,
    settings: values,
    parameters: snapshot.weights,
    wanted: ['patches'],
    showing: disturbance(0),
  })
  const bank = new FeatureBank(engine(), 110, 12)
  for (const first of [0, FEATURE_BATCH]) {
    const length = Math.min(FEATURE_BATCH, 110 - first)
    const indices = Array.from({ length }, (__, i) => first + i)
    await extractor.batch(test.device, indices, [bank], first, disturbance(first))
  }
  const read = await bank.read()
  for (const index of [3, 105]) {
    const { kept, positions } = disturbance(index < FEATURE_BATCH ? 0 : FEATURE_BATCH)
    const direct = tf.tidy(() => {
      const view = test.device.views([index], [WHOLE_IMAGE], method.normalisation)
      const { features } = method.features(values, view, snapshot.weights, {
        wanted: ['patches'],
        ...(kept && { kept: tf.tensor1d(kept) }),
        ...(positions && {
          positions: positions === 'removed' ? positions : tf.tensor1d(positions),
        }),
      })
      return features[0]!
    })
    const expected = await take(direct)
    expected.forEach((value, i) => expect(read[index * 12 + i]).toBeCloseTo(value, 5))
  }
  bank.dispose()
  extractor.dispose()
  snapshot.dispose()
  subject.dispose()
})

it('costs nothing where the features do not see the disturbance, and knows networks without tokens', async () => {
  const small = await smallSubject(engine(), { ...settings, probeEpochs: 12 })
  const [train, test] = [brightImages(engine(), 64), brightImages(engine(), 30)]
  const subject = {
    ...small,
    train,
    test,
    description: { ...small.description, hasTokens: () => false },
    method: {
      ...small.method,
      // The brightest pixel: neither order nor holes change it.
      features: (_: unknown, views: tf.Tensor4D) => ({
        features: [views.reshape([views.shape[0], -1, 3]).max<tf.Tensor2D>(1)],
        tokens: null,
      }),
    },
  }
  const snapshot = new Snapshot(subject, start, null)
  const result = await finish(evaluateRobustness(snapshot, { representation: 'patches' }))
  expect(result.clean).toBeGreaterThan(50)
  expect(result.tokensRemoved).toBeNull()
  expect(result.positions).toBeNull()
  for (const { accuracy } of [...result.patchesFilled, ...result.patchesShuffled])
    expect(accuracy).toBe(result.clean)
  snapshot.dispose()
  for (const { device } of [train, test]) device.dispose()
  small.dispose()
})

it('frees everything when it is ended early', async () => {
  const subject = await smallSubject(engine(), settings)
  const run = async (): Promise<void> => {
    const snapshot = new Snapshot(subject, start, null)
    const job = evaluateRobustness(snapshot, { representation: 'patches' })
    for (;;) {
      const { value } = await job.next()
      if ('stage' in value && value.stage === 'Patch tokens left out') break
    }
    await job.return(undefined as never)
    snapshot.dispose()
    engine().trim()
  }
  await run()
  const before = engine().memory()
  await run()
  expect(engine().memory()).toEqual(before)
  subject.dispose()
})
