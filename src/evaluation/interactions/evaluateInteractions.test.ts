import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../data/testing/synthetic.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import type { EvaluationProgress, InteractionsResult } from '../../results.ts'
import { convolving, convolvingMethod } from '../../training/testing/convolving.ts'
import { evaluate } from '../evaluate.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import type { Subject } from '../subject.ts'
import { brightImages } from '../testing/images.ts'
import { smallSubject } from '../testing/subject.ts'
import { MaskedPass, type MaskedImage } from './maskedPass.ts'

const engine = useEngine()
const settings = {
  ...{ probeEpochs: 3, probeBatch: 30, probeTrain: 64, probeTest: 32 },
  ...{ interactionGrid: '4', interactionImages: 2, interactionPairs: 2, interactionContexts: 3 },
}
/** As little as can be measured. */
const SHORT = { interactionGrid: '2', interactionPairs: 1, interactionContexts: 2 }
const request = { kind: 'interactions', representation: 'patches' } as const

let subject: Subject & { readonly dispose: () => void }
beforeAll(async () => {
  subject = await smallSubject(engine(), settings)
})
afterAll(() => subject.dispose())

const withSettings = (values: object): Subject => ({
  ...subject,
  settings: { ...subject.settings, ...values },
})

async function run(
  of: Subject,
  step = 3,
  onProgress: (progress: EvaluationProgress) => void = () => undefined,
  representation: string = request.representation,
): Promise<InteractionsResult> {
  const snapshot = new Snapshot(of, { step, epoch: 0, seconds: 0 }, null)
  try {
    const result = await finish(evaluate(snapshot, { ...request, representation }), onProgress)
    if (result.kind !== 'interactions') throw new Error(result.kind)
    return result
  } finally {
    snapshot.dispose()
  }
}

const networksOf = ({ curves }: InteractionsResult) => curves.map(({ network }) => network)

describe('a masked pass', () => {
  it('shows of every image the cells of its row, over batches and readings', async () => {
    const random = randomAt(1, Stream.interactions)
    const rows = Array.from({ length: 1130 }, (): MaskedImage => {
      const subset = Uint8Array.from({ length: 4 }, () => random.below(2))
      return { image: random.below(64), subset }
    })
    // Not logits, but ten numbers of an image: the sums of its cells' red, twice and a half times.
    const classify = (views: tf.Tensor4D): tf.Tensor2D => {
      const cells = views.slice([0, 0, 0, 0], [-1, -1, -1, 1]).reshape([-1, 2, 16, 2, 16])
      const sums = cells.mean([2, 4]).reshape<tf.Tensor2D>([-1, 4])
      return tf.concat2d([sums, sums, sums.slice([0, 0], [-1, 2])], 1)
    }
    const pass = new MaskedPass(subject, 2, classify)
    const done: number[] = []
    const found = new Map<number, Float32Array>()
    const take = (logits: Float32Array, row: number): void => {
      expect(row).toBe(found.size)
      found.set(row, logits.slice())
    }
    const progressAt = (rowsDone: number) => ({ stage: 'Rows', done: rowsDone, total: 1130 })
    await finish(pass.run(rows, take, progressAt), (progress) => done.push(progress.done))
    pass.dispose()
    expect(done).toEqual([...Array.from({ length: 11 }, (_, i) => 100 * (i + 1)), 1130])
    expect(found.size).toBe(1130)
    const [mean, deviation] = [
      subject.method.normalisation.mean[0],
      subject.method.normalisation.deviation[0],
    ]
    const { pixels } = subject.train.host
    for (const [row, { image, subset }] of rows.entries())
      for (let cell = 0; cell < 4; cell++) {
        const first = 3072 * image + 512 * (cell >> 1) + 16 * (cell & 1)
        let sum = 0
        for (let at = 0; at < 256; at++) sum += pixels[first + 32 * (at >> 4) + (at & 15)]!
        const expected = subset[cell]! * ((sum / 256 / 255 - mean) / deviation)
        for (const copy of cell < 2 ? [0, 4, 8] : [0, 4])
          expect(Math.abs(found.get(row)![cell + copy]! - expected)).toBeLessThan(1e-5)
      }
  })
})

describe('interactions', () => {
  it('are measured beside those of the untrained network, which are kept; the same again is the same', async () => {
    const floors = new Map<string, number>()
    const told: EvaluationProgress[] = []
    const result = await run({ ...subject, floors }, 3, (progress) => told.push(progress))
    expect(result).toMatchObject({
      ...{ representation: 'patches', grid: 4, reward: 'modified', exact: false },
      ...{ pairs: 2, contexts: 3 },
    })
    expect(networksOf(result)).toEqual(['trained', 'untrained'])
    const [trained, untrained] = result.curves
    // The snapshot has the initial weights.
    expect(untrained).toEqual({ ...trained, network: 'untrained' })
    expect(trained!.images).toBe(2)
    expect(trained!.points.map(({ order }) => order)).toEqual([0, 1, 4, 7, 9, 12, 14])
    for (const strengthOf of ['published', 'debiased'] as const) {
      const shares = trained!.points.map((point) => point[strengthOf].relative)
      expect(shares.reduce((sum, share) => sum + share, 0) / 7).toBeCloseTo(1, 10)
    }
    for (const { published } of trained!.points) expect(published.value).toBeGreaterThan(0)
    const sofar = told.flatMap((progress) => progress.sofar ?? [])
    const counts = sofar.map(({ curves }) => curves.map(({ images }) => images))
    expect(counts).toEqual([[1], [2], [2, 1], [2, 2]])
    expect(sofar.at(-1)).toEqual(result)
    expect(told.map(({ stage }) => stage)).toContain('Interactions of the untrained network')
    for (const { done, total } of told) expect(done).toBeLessThanOrEqual(total)

    told.length = 0
    expect(await run({ ...subject, floors }, 3, (progress) => told.push(progress))).toEqual(result)
    expect(told.filter(({ stage }) => stage.includes('untrained'))).toEqual([])
    const other = await run({ ...withSettings({ interactionContexts: 4 }), floors })
    expect(other.contexts).toBe(4)
    expect(other.curves[1]!.points).not.toEqual(untrained!.points)
  })

  it('of all subsets are those of a sample that is large enough', async () => {
    const small = { interactionGrid: '2', interactionPairs: 6, interactionContexts: 2 }
    const sampled = await run(withSettings(small), 0)
    const exact = await run(withSettings({ ...small, interactionExact: true }), 0)
    expect(sampled).toEqual({ ...exact, exact: false })
    expect(exact).toMatchObject({ exact: true, pairs: 6, contexts: 2 })
    expect(exact.curves[0]!.points.map(({ order }) => order)).toEqual([0, 1, 2])
    expect(networksOf(exact)).toEqual(['trained', 'untrained'])
  })

  it('J3: of a linear model with the logit as reward are zeros that are not normalised', async () => {
    const [train, test] = [brightImages(engine(), 64), brightImages(engine(), 32)]
    const mean = (_: unknown, views: tf.Tensor4D) => ({
      features: [views.mean<tf.Tensor2D>([1, 2])],
      tokens: null,
    })
    const linear = {
      ...withSettings({ interactionReward: 'logit', probeEpochs: 20, interactionPairs: 5 }),
      ...{ train, test, method: { ...subject.method, features: mean } },
    }
    const { curves } = await run(linear, 0)
    expect(curves[0]!.accuracy).toBeGreaterThan(50)
    for (const { published, debiased } of curves[0]!.points)
      for (const { value, relative, relativeError } of [published, debiased]) {
        expect(value).toBeLessThan(1e-5)
        expect([relative, relativeError]).toEqual([0, 0])
      }
    // The log-odds are no sum over cells.
    const odds = await run(
      { ...linear, settings: { ...linear.settings, interactionReward: 'modified' } },
      0,
    )
    expect(odds.curves[0]!.points[3]!.published.value).toBeGreaterThan(1e-3)
    for (const { device } of [train, test]) device.dispose()
  })

  it('of a network trained on labels come last, if they are wanted', async () => {
    const labels = { interactionSupervised: true, finetuneEpochs: 1, finetuneBatch: 16 }
    const result = await run(withSettings({ ...labels, ...SHORT }), 0)
    expect(networksOf(result)).toEqual(['trained', 'untrained', 'supervised'])
    expect(result.curves[2]!.images).toBe(2)
    expect(result.curves[2]!.points).not.toEqual(result.curves[0]!.points)
  })

  it('are measured where the network has batch norm, too', async () => {
    const convolved = {
      ...withSettings(SHORT),
      ...{ description: convolving, method: convolvingMethod },
    }
    const { curves } = await run(convolved, 0, undefined, 'pooled')
    expect(curves[0]!.points.map(({ order }) => order)).toEqual([0, 1, 2])
    for (const { published } of curves[0]!.points) expect(published.value).toBeGreaterThan(0)
  })

  it('free everything when they are ended early', async () => {
    const short = withSettings(SHORT)
    const end = async (when: string): Promise<void> => {
      const snapshot = new Snapshot(
        { ...short, floors: new Map() },
        { step: 3, epoch: 0, seconds: 0 },
        null,
      )
      const job = evaluate(snapshot, request)
      for (;;) {
        const { value } = await job.next()
        if ('stage' in value && value.stage === when) break
      }
      await job.return(undefined as never)
      snapshot.dispose()
      engine().trim()
    }
    const stages = ['Interactions of the network', 'Interactions of the untrained network']
    for (const stage of stages) await end(stage)
    const before = engine().memory()
    for (const stage of stages) await end(stage)
    expect(engine().memory()).toEqual(before)
  })

  it('are refused for all subsets of many cells, and for what the network has not', async () => {
    const many = await faultOf(run(withSettings({ interactionExact: true, interactionGrid: '8' })))
    expect(many).toMatchObject({ code: 'setting-invalid' })
    expect(many.what).toContain('2 to the power of 64')
    const none = await faultOf(run(subject, 3, undefined, 'none'))
    expect(none.code).toBe('setting-invalid')
  })
})
