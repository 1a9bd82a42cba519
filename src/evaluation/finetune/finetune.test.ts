import { describe, expect, it } from 'vitest'
import { DeviceImages } from '../../data/deviceImages.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from '../../data/images.ts'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { toFault } from '../../errors.ts'
import type { EvaluationProgress, FinetuneResult } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { noiseImages, smallRun } from '../../training/testing/small.ts'
import { evaluate } from '../evaluate.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { smallSubject } from '../testing/subject.ts'
import { evaluateFinetune } from './finetune.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }
const quick = { finetuneEpochs: 2, finetuneBatch: 8, probeTrain: 20, probeTest: 12 }

/** A small subject and a snapshot of its network: with other weights than its initial ones when `trained`. */
async function smallSnapshot(values: SettingValues = {}, trained = false) {
  const subject = await smallSubject(engine(), { ...quick, ...values })
  const specs = subject.method.parameters(subject.settings)
  const changed = specs.map((spec, i) => ({
    ...spec,
    initial: () => noise(spec.shape, 20 + i, 0.1).data as Float32Array,
  }))
  const parameters = trained ? new Parameters(engine(), changed) : null
  const snapshot = new Snapshot(subject, start, parameters)
  parameters?.dispose()
  const dispose = (): void => {
    snapshot.dispose()
    subject.dispose()
  }
  return { subject, snapshot, dispose }
}

const request = { kind: 'finetune', representation: 'patches' } as const

async function resultOf(values: SettingValues = {}, trained = false): Promise<FinetuneResult> {
  const { snapshot, dispose } = await smallSnapshot(values, trained)
  const result = await finish(evaluateFinetune(snapshot, request))
  dispose()
  return result
}

describe('evaluateFinetune', () => {
  it('trains both networks with the same budget, and tells of it while it does', async () => {
    const { snapshot, dispose } = await smallSnapshot({}, true)
    const seen: EvaluationProgress[] = []
    const result = await finish(evaluate(snapshot, request), (progress) => seen.push(progress))
    dispose()
    if (result.kind !== 'finetune') throw new Error(result.kind)
    expect(result).toMatchObject({ representation: 'patches', labels: 100 })
    // 20 images are two whole batches of 8.
    expect(result).toMatchObject({ trainImages: 20, testImages: 12, steps: 4 })
    const { pretrained, scratch } = result
    for (const { curve, testAccuracy, trainAccuracy, confusion, mistakes } of [
      pretrained,
      scratch!,
    ]) {
      expect(curve.map(({ epoch }) => epoch)).toEqual([1, 2])
      expect(curve[1]).toMatchObject({ testAccuracy, trainAccuracy })
      const counts = confusion.flat()
      expect(counts.reduce((sum, count) => sum + count)).toBe(12)
      const correct = confusion.reduce((sum, row, label) => sum + row[label]!, 0)
      expect(testAccuracy).toBeCloseTo((100 * correct) / 12, 10)
      expect(mistakes).toHaveLength(12 - correct)
    }
    expect(pretrained.curve).not.toEqual(scratch!.curve)
    const points = seen.flatMap(({ point }) => (point ? [point] : []))
    expect(points).toEqual([
      ...pretrained.curve.map((point) => ({ ...point, curve: 'pretrained' })),
      ...scratch!.curve.map((point) => ({ ...point, curve: 'scratch' })),
    ])
    expect(seen.every(({ total }) => total === 4)).toBe(true)
    expect(seen.map(({ stage, done }) => `${stage} ${done}`)).toContain('Training from scratch 3')
  })

  it('gives the same network the same fate: pretrained and scratch differ in weights and rates alone', async () => {
    const same = await resultOf({ finetuneLayerDecay: 1 })
    expect(same.scratch).toEqual(same.pretrained)
    const slower = await resultOf({ finetuneLayerDecay: 0.5 })
    expect(slower.scratch).toEqual(same.scratch)
    expect(slower.pretrained).not.toEqual(same.pretrained)
  })

  it('gives the same bits for the same seed, others for another', async () => {
    const values = { finetuneScratch: false }
    const first = await resultOf(values, true)
    expect(first.scratch).toBeNull()
    expect(await resultOf(values, true)).toEqual(first)
    const other = await resultOf({ ...values, seed: 2 }, true)
    expect(other.pretrained.curve).not.toEqual(first.pretrained.curve)
  })

  it('takes a batch of all labelled images when there are fewer than a batch, and the test images that there are', async () => {
    const result = await resultOf({
      finetuneLabels: '10',
      finetuneBatch: 64,
      finetuneScratch: false,
      probeTrain: 50_000,
      probeTest: 10_000,
    })
    expect(result).toMatchObject({ labels: 10, trainImages: 10, testImages: 32, steps: 2 })
  })

  it('fine-tunes any representation', async () => {
    const { snapshot, dispose } = await smallSnapshot({ depth: 2, finetuneScratch: false })
    const curves: string[] = []
    for (const representation of ['class', 'layer1']) {
      const { pretrained } = await finish(evaluateFinetune(snapshot, { representation }))
      curves.push(JSON.stringify(pretrained.curve))
    }
    expect(new Set(curves).size).toBe(2)
    dispose()
  })
})

/** Images of two colours with noise on them: class 3 is reddish, class 7 bluish. */
function colouredImages(count: number): ImageSet {
  const { pixels } = noiseImages(count)
  const labels = Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 3 : 7))
  const plane = IMAGE_SIZE * IMAGE_SIZE
  const coloured = pixels.map((value, at) => {
    const channel = Math.floor(at / plane) % 3
    const bright = labels[Math.floor(at / IMAGE_BYTES)] === 3 ? 0 : 2
    return value / 2 + (channel === bright ? 80 : 0)
  })
  return { count, pixels: coloured, labels }
}

it('learns to tell colours apart', async () => {
  const { subject, dispose } = await smallSnapshot()
  const host = colouredImages(48)
  const images = { host, device: new DeviceImages(engine(), host) }
  const settings = {
    ...subject.settings,
    probeTrain: 32,
    probeTest: 48,
    finetuneEpochs: 8,
    finetuneLearningRate: 1e-2,
    finetuneScratch: false,
  }
  const coloured = new Snapshot({ ...subject, settings, train: images, test: images }, start, null)
  const { pretrained } = await finish(evaluateFinetune(coloured, request))
  const { curve, testAccuracy, confusion, mistakes } = pretrained
  expect(testAccuracy).toBe(100)
  expect(curve.at(-1)!.loss).toBeLessThan(0.75 * curve[0]!.loss)
  expect([confusion[3]![3], confusion[7]![7]]).toEqual([16, 32])
  expect(mistakes).toEqual([])
  coloured.dispose()
  images.device.dispose()
  dispose()
})

describe('a job that is ended early', () => {
  it('leaves nothing behind, wherever it stood', async () => {
    const { snapshot, dispose } = await smallSnapshot()
    let slices = 0
    await finish(evaluateFinetune(snapshot, request), () => slices++)
    engine().trim()
    const before = engine().memory()
    // While the first network is trained, while it is tested, while the second one is trained.
    for (const stop of [1, 3, slices / 2 + 2]) {
      const job = evaluateFinetune(snapshot, request)
      for (let slice = 0; slice < stop; slice++) expect((await job.next()).done).toBe(false)
      await job.return(undefined as never)
      engine().trim()
      expect(engine().memory()).toEqual(before)
    }
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
  const { subject, dispose } = await smallSnapshot({ finetuneScratch: false })
  const snapshot = new Snapshot(subject, start, beside.trainer.parameters)
  const job = evaluateFinetune(snapshot, request)
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

describe('refuses in clear words', () => {
  const faultOf = async (snapshot: Snapshot, representation: string) => {
    const job = evaluateFinetune(snapshot, { representation })
    return toFault(await finish(job).catch((error: unknown) => error))
  }

  it('a representation that the network does not have', async () => {
    const { snapshot, dispose } = await smallSnapshot()
    const fault = await faultOf(snapshot, 'layer2')
    expect(fault.code).toBe('setting-invalid')
    expect(fault.what).toMatch(/no representation “layer2”/)
    expect(fault.todo).toMatch(/patches, class, layer1/)
    dispose()
  })

  it('images without labels', async () => {
    const { subject, snapshot, dispose } = await smallSnapshot()
    for (const split of ['train', 'test'] as const) {
      const images = subject[split]
      const without = { ...images, host: { ...images.host, labels: new Uint8Array(0) } }
      const blank = new Snapshot({ ...subject, [split]: without }, start, null)
      const fault = await faultOf(blank, 'patches')
      expect(fault.code).toBe('setting-invalid')
      expect(fault.what).toMatch(split === 'train' ? /training images/ : /test images/)
      blank.dispose()
    }
    snapshot.dispose()
    dispose()
  })

  it('a learning rate with which it diverges, and frees everything', async () => {
    const { subject, snapshot, dispose } = await smallSnapshot({ finetuneWarmup: 0 })
    const specs = subject.method.parameters(subject.settings)
    const broken = new Parameters(
      engine(),
      specs.map((spec) => ({
        ...spec,
        initial: () => new Float32Array(spec.initial().length).fill(NaN),
      })),
    )
    const bad = new Snapshot(subject, start, broken)
    await finish(evaluateFinetune(snapshot, request))
    engine().trim()
    const before = engine().memory()
    const fault = await faultOf(bad, 'patches')
    expect(fault.code).toBe('diverged')
    expect(fault.what).toMatch(/step 1 /)
    engine().trim()
    expect(engine().memory()).toEqual(before)
    for (const each of [broken, bad]) each.dispose()
    dispose()
  })
})
