import { describe, expect, it } from 'vitest'
import { DeviceImages } from '../../data/deviceImages.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from '../../data/images.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import type { EvaluationProgress, FinetuneResult } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { noiseImages } from '../../training/testing/small.ts'
import { evaluate } from '../evaluate.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { evaluateFinetune } from './finetune.ts'
import { faultOf, REQUEST, smallSnapshot, START } from './testing/small.ts'

const engine = useEngine()

async function resultOf(values: SettingValues = {}, trained = false): Promise<FinetuneResult> {
  const { snapshot, dispose } = await smallSnapshot(engine(), values, trained)
  const result = await finish(evaluateFinetune(snapshot, REQUEST))
  dispose()
  return result
}

describe('evaluateFinetune', () => {
  it('trains both networks with the same budget, and tells of it while it does', async () => {
    const { snapshot, dispose } = await smallSnapshot(engine(), {}, true)
    const seen: EvaluationProgress[] = []
    const result = await finish(evaluate(snapshot, REQUEST), (progress) => seen.push(progress))
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
    const { snapshot, dispose } = await smallSnapshot(engine(), {
      depth: 2,
      finetuneScratch: false,
    })
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
  const { subject, dispose } = await smallSnapshot(engine())
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
  const coloured = new Snapshot({ ...subject, settings, train: images, test: images }, START, null)
  const { pretrained } = await finish(evaluateFinetune(coloured, REQUEST))
  const { curve, testAccuracy, confusion, mistakes } = pretrained
  expect(testAccuracy).toBe(100)
  expect(curve.at(-1)!.loss).toBeLessThan(0.75 * curve[0]!.loss)
  expect([confusion[3]![3], confusion[7]![7]]).toEqual([16, 32])
  expect(mistakes).toEqual([])
  coloured.dispose()
  images.device.dispose()
  dispose()
})

describe('refuses in clear words', () => {
  it('a representation that the network does not have', async () => {
    const { snapshot, dispose } = await smallSnapshot(engine())
    const fault = await faultOf(snapshot, 'layer2')
    expect(fault.code).toBe('setting-invalid')
    expect(fault.what).toMatch(/no representation “layer2”/)
    expect(fault.todo).toMatch(/patches, class, layer1/)
    dispose()
  })

  it('images without labels', async () => {
    const { subject, snapshot, dispose } = await smallSnapshot(engine())
    for (const split of ['train', 'test'] as const) {
      const images = subject[split]
      const without = { ...images, host: { ...images.host, labels: new Uint8Array(0) } }
      const blank = new Snapshot({ ...subject, [split]: without }, START, null)
      const fault = await faultOf(blank, 'patches')
      expect(fault.code).toBe('setting-invalid')
      expect(fault.what).toMatch(split === 'train' ? /training images/ : /test images/)
      blank.dispose()
    }
    snapshot.dispose()
    dispose()
  })
})
