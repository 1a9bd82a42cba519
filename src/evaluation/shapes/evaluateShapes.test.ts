import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../data/testing/synthetic.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import type { ShapesResult } from '../../results.ts'
import { evaluate } from '../evaluate.ts'
import { FEATURE_BATCH } from '../imagePass.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { brightImages } from '../testing/images.ts'
import { smallSubject } from '../testing/subject.ts'
import { textureTask } from './tasks.ts'

const engine = useEngine()
const settings = { probeEpochs: 2, probeBatch: 30, shapesTrain: 70, shapesTest: 40 }
const sizes = {
  train: { trainImages: 70, testImages: 40 },
  loaded: { trainImages: 64, testImages: 32 },
}
const request = { kind: 'shapes', representation: 'patches' } as const

let subject: Awaited<ReturnType<typeof smallSubject>>
beforeAll(async () => {
  subject = await smallSubject(engine(), settings)
})
afterAll(() => subject.dispose())

const run = async (
  of = subject,
  onStage: (stage: string) => void = () => undefined,
  step = 3,
): Promise<ShapesResult> => {
  const snapshot = new Snapshot(of, { step, epoch: 0, seconds: 0 }, null)
  const result = await finish(evaluate(snapshot, request), ({ stage }) => onStage(stage))
  snapshot.dispose()
  if (result.kind !== 'shapes') throw new Error(result.kind)
  return result
}

describe('shape and texture', () => {
  it('are measured beside floors, which are kept; the same again is the same', async () => {
    const floors = new Map<string, number>()
    const stages = new Set<string>()
    const result = await run({ ...subject, floors }, (stage) => stages.add(stage))
    for (const whose of ['network', 'untrained network', 'raw pixels'])
      expect(stages).toContain(`Training features, texture, ${whose}`)
    expect(result.shape).toMatchObject(sizes.train)
    // As many as there are: the outlines are drawn, whatever is loaded.
    expect(result.texture).toMatchObject(sizes.loaded)
    // The snapshot has the initial weights.
    for (const score of [result.shape, result.texture]) expect(score.untrained).toBe(score.trained)
    expect(result.outlines).toHaveLength(10)
    expect(result.confusion.flat().reduce((sum, count) => sum + count)).toBe(40)
    expect(result.confusion.every((row) => row.reduce((sum, count) => sum + count) === 4)).toBe(
      true,
    )
    const own = result.confusion.reduce((sum, row, label) => sum + row[label]!, 0)
    expect(result.shape.trained).toBeCloseTo((100 * own) / 40, 10)

    stages.clear()
    expect(await run({ ...subject, floors }, (stage) => stages.add(stage))).toEqual(result)
    expect([...stages].filter((stage) => /untrained|raw pixels/.test(stage))).toEqual([])
  })

  it('finds in features what they hold: mean colours tell classes that are colours, and no outline', async () => {
    const [train, test] = [brightImages(engine(), 64), brightImages(engine(), 32)]
    const mean = (_: unknown, views: tf.Tensor4D) => ({
      features: [views.mean<tf.Tensor2D>([1, 2])],
      tokens: null,
    })
    const known = Object.assign(new Map<string, number>(), { has: () => true, get: () => 0 })
    const seeing = {
      ...subject,
      ...{ train, test, floors: known },
      settings: { ...subject.settings, probeEpochs: 12 },
      method: { ...subject.method, features: mean },
    }
    const { shape, texture } = await run(seeing, undefined, 0)
    expect(texture.trained).toBeGreaterThan(50)
    expect(shape.trained).toBeLessThan(40)
    for (const { device } of [train, test]) device.dispose()
  })

  it('shuffles every image in an order of its own, the same whenever it is shown', async () => {
    const { test } = textureTask(subject, { train: 64, test: 32 })
    const ramp = tf.range(0, 1024).reshape<tf.Tensor4D>([1, 32, 32, 1])
    const shown = async (indices: readonly number[]) => {
      const views = tf.tidy(() => ramp.add<tf.Tensor4D>(tf.zeros([FEATURE_BATCH, 32, 32, 3])))
      const pixels = await take(tf.tidy(() => test.disturb!(views, indices)))
      views.dispose()
      return (place: number) => pixels.subarray(3072 * place, 3072 * (place + 1))
    }
    const [some, others] = [await shown([3, 4]), await shown([4, 3])]
    expect(some(0)).toEqual(others(1))
    expect(some(0)).not.toEqual(some(1))
    // Every cell is whole, and there once.
    const corners = Array.from({ length: 16 }, (_, cell) => {
      const at = 3 * (256 * Math.floor(cell / 4) + 8 * (cell % 4))
      const [value, right, below] = [0, 3 * 7, 3 * 32 * 7].map((more) => some(0)[at + more]!)
      expect([right! - value!, below! - value!]).toEqual([7, 224])
      return value
    })
    expect(new Set(corners).size).toBe(16)
    ramp.dispose()
  })

  it('frees everything when it is ended early, and refuses what the network has not', async () => {
    const end = async (): Promise<void> => {
      const snapshot = new Snapshot(
        { ...subject, floors: new Map() },
        { step: 3, epoch: 0, seconds: 0 },
        null,
      )
      const job = evaluate(snapshot, request)
      for (;;) {
        const { value } = await job.next()
        if ('stage' in value && value.stage === 'Training features, texture, untrained network')
          break
      }
      await job.return(undefined as never)
      snapshot.dispose()
      engine().trim()
    }
    await end()
    const before = engine().memory()
    await end()
    expect(engine().memory()).toEqual(before)
    const snapshot = new Snapshot(subject, { step: 3, epoch: 0, seconds: 0 }, null)
    const fault = await faultOf(finish(evaluate(snapshot, { ...request, representation: 'none' })))
    expect(fault.code).toBe('setting-invalid')
    snapshot.dispose()
  })
})
