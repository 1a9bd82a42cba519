import type * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { faultOf } from '../../data/testing/synthetic.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import type { Detector } from '../../methods/method.ts'
import { evaluate } from '../evaluate.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import type { Subject } from '../subject.ts'
import { smallSubject } from '../testing/subject.ts'
import { detectedTokens } from './detectedTokens.ts'
import { scoreOf } from './scores.ts'

const engine = useEngine()
const TOKENS = 6
/** A parameter of the small network, so that the detector depends on it. */
const WEIGHT = 'cls_token'
const later = { step: 3, epoch: 1, seconds: 1 }

/**
 * A detector that sees through the policy `open` by the contrast of the image and its weights, and is blind to `shut`.
 */
const stub = (share: number): Detector => ({
  policies: [
    { id: 'shut', label: 'Shut' },
    { id: 'open', label: 'Open' },
  ],
  policy: () => 'open',
  inputs: (_, policy, seed, images) => {
    const labels = images.flatMap((image) => {
      const random = randomAt(seed, Stream.sampleClaims, image)
      return Array.from({ length: TOKENS }, () => Number(random.uniform() < share))
    })
    const shape = [images.length, TOKENS]
    return {
      labels: { shape, data: Uint8Array.from(labels) },
      told: { shape, data: Uint8Array.from(labels, (label) => (policy === 'open' ? label : 0)) },
    }
  },
  detect: (_, views, { labels, told }, parameters) => {
    const brightest = views.max<tf.Tensor2D>([1, 2])
    const contrast = brightest.sub(views.min([1, 2])).sum<tf.Tensor2D>(1, true)
    const weight = parameters.get(WEIGHT).reshape<tf.Tensor1D>([-1]).slice([0], [1])
    const logits = told!.sub<tf.Tensor2D>(0.5).mul<tf.Tensor2D>(contrast).add<tf.Tensor2D>(weight)
    return {
      logits,
      labels: labels as tf.Tensor2D,
      distances: (labels as tf.Tensor2D).mul(2),
    }
  },
})

async function subjectWith(detector: Detector, test = 120) {
  const small = await smallSubject(engine(), { detectionTest: test }, { test })
  const subject: Subject = {
    ...small,
    description: { ...small.description, hasPlaces: () => true },
    method: { ...small.method, detector },
  }
  return { subject, dispose: small.dispose }
}

it('tells how the network, the untrained one and images without content do, under every policy', async () => {
  const { subject, dispose } = await subjectWith(stub(0.3))
  const names = subject.method.parameters(subject.settings).map(({ name }) => name)
  expect(names).toContain(WEIGHT)
  const snapshot = new Snapshot(subject, later, null)
  const dones: number[] = []
  const totals = new Set<number>()
  const result = await finish(evaluate(snapshot, { kind: 'detection' }), ({ done, total }) => {
    dones.push(done)
    totals.add(total)
  })
  if (result.kind !== 'detection') throw new Error(result.kind)
  // Two batches, three trials, two networks.
  expect(dones).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  expect([...totals]).toEqual([12])
  expect(result).toMatchObject({ testImages: 120, tokens: TOKENS })
  // The snapshot has the initial weights: both are the same network.
  expect(result.untrained).toEqual(result.trained)
  const { scores, blank, roc, distances } = result.trained
  expect(scores.map(({ policy, label }) => [policy, label])).toEqual([
    ['open', 'Open'],
    ['shut', 'Shut'],
  ])
  const [open, shut] = scores
  expect(open!.auroc).toBeGreaterThan(0.95)
  expect(shut!.auroc).toBeGreaterThan(0.3)
  expect(shut!.auroc).toBeLessThan(0.7)
  expect(open!.misplaced).toBe(shut!.misplaced)
  expect(blank).toBe(0.5)
  expect(roc).toHaveLength(51)
  expect(distances.map(({ distance }) => distance)).toEqual([2])
  expect(distances[0]!.auroc).toBe(open!.auroc)

  // The same claims for an image wherever it stands in its batch.
  const trial = [{ policy: 'open', content: 'images' } as const]
  const progress = () => ({ stage: '', done: 0, total: 1 })
  const [some] = await finish(
    detectedTokens(subject, subject.method.detector!, snapshot.weights, trial, 101, progress),
  )
  const random = randomAt(1, Stream.sampleClaims, 100)
  const own = Array.from({ length: TOKENS }, () => Number(random.uniform() < 0.3))
  expect([...some!.labels.slice(-TOKENS)]).toEqual(own)
  expect(scoreOf(some!).misplaced).not.toBe(open!.misplaced)
  snapshot.dispose()
  dispose()
})

it('takes the first step’s network for the untrained one, and frees everything when it is ended early', async () => {
  const { subject, dispose } = await subjectWith(stub(0.3), 40)
  const run = async (): Promise<void> => {
    const start = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
    let total = 0
    await finish(evaluate(start, { kind: 'detection' }), (progress) => (total = progress.total))
    expect(total).toBe(3)
    const snapshot = new Snapshot(subject, later, null)
    const job = evaluate(snapshot, { kind: 'detection' })
    for (let slice = 0; slice < 5; slice++) await job.next()
    await job.return(undefined as never)
    for (const each of [start, snapshot]) each.dispose()
    engine().trim()
  }
  await run()
  const before = engine().memory()
  await run()
  expect(engine().memory()).toEqual(before)
  dispose()
})

it.each([
  ['nothing', 0, 'No patch'],
  ['everything', 1, 'Every patch'],
])('says so where %s is misplaced', async (_, share, what) => {
  const { subject, dispose } = await subjectWith(stub(share), 10)
  const snapshot = new Snapshot(subject, later, null)
  const fault = await faultOf(finish(evaluate(snapshot, { kind: 'detection' })))
  expect(fault).toMatchObject({ code: 'setting-invalid' })
  expect(fault.what).toContain(what)
  snapshot.dispose()
  dispose()
})

it('refuses a method without a detector, settings without places, and weights that are no numbers', async () => {
  const small = await smallSubject(engine(), { detectionTest: 10 }, { test: 10 })
  const description = { ...small.description, hasPlaces: () => true }
  const detector: Detector = {
    ...stub(0.3),
    detect: (settings, views, inputs, parameters) => {
      const found = stub(0.3).detect(settings, views, inputs, parameters)
      return { ...found, logits: found.logits.div(0).sub(Infinity) }
    },
  }
  const method = { ...small.method, detector }
  for (const [subject, code] of [
    [{ ...small, description }, 'setting-invalid'],
    [{ ...small, method }, 'setting-invalid'],
    [{ ...small, method, description }, 'diverged'],
  ] as const) {
    const snapshot = new Snapshot(subject, later, null)
    const fault = await faultOf(finish(evaluate(snapshot, { kind: 'detection' })))
    expect(fault.code).toBe(code)
    snapshot.dispose()
  }
  small.dispose()
})
