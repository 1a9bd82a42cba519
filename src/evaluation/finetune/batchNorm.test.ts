import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBox } from '../../data/boxes.ts'
import { Parameters } from '../../engine/parameters.ts'
import { worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { convolving, convolvingMethod } from '../../training/testing/convolving.ts'
import { finish } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import type { Subject } from '../subject.ts'
import { smallSubject } from '../testing/subject.ts'
import { anatomyOf } from './anatomy.ts'
import { evaluateFinetune } from './finetune.ts'
import { FinetuneNetwork } from './network.ts'
import { pretrainedSpecs, scratchSpecs } from './specs.ts'
import { START } from './testing/small.ts'
import { TrainedNetwork } from './trainedNetwork.ts'

const engine = useEngine()

const SEED = 9
const BATCH = Uint32Array.of(5, 12, 40)
const quick = { finetuneEpochs: 1, finetuneBatch: 8, probeTrain: 20, probeTest: 12 }

let small: Awaited<ReturnType<typeof smallSubject>>
let subject: Subject
let rest: Snapshot
beforeAll(async () => {
  small = await smallSubject(engine(), { ...quick, statisticsImages: 100 })
  subject = { ...small, description: convolving, method: convolvingMethod }
  rest = new Snapshot(subject, START, null)
  await finish(rest.prepare())
})
afterAll(() => {
  rest.dispose()
  small.dispose()
})

const NORMS = ['bn1', 'layer1.0.bn1', 'layer1.0.bn2', 'layer2.0.bn1', 'layer2.0.bn2']
const norms = [...NORMS, 'layer2.0.downsample.1']
const statisticsOf = (of: readonly string[]): string[] =>
  of.flatMap((norm) => [`${norm}.running_mean`, `${norm}.running_var`]).sort()

/** The parts of a network that is fine-tuned from the statistics of undisturbed images. */
async function specsOf(representation: string, decay: number) {
  const anatomy = anatomyOf(subject, rest.weights, representation, BATCH.length)
  const scratch = scratchSpecs(subject, anatomy, 1)
  const weights = await rest.weights.read()
  return { anatomy, scratch, specs: pretrainedSpecs(subject, scratch, weights, decay), weights }
}

describe('a network with batch norm', () => {
  it('keeps its statistics, which nobody trains, in the network that is fine-tuned', async () => {
    const { anatomy, scratch, specs, weights } = await specsOf('pooled', 0.5)
    expect([...anatomy.statistics].sort()).toEqual(statisticsOf(norms))
    expect(anatomy.names.some((name) => name.includes('running'))).toBe(false)
    expect(anatomy.names).toContain('layer2.0.downsample.1.weight')
    const untrained = specs.filter(({ trainedFrom }) => trainedFrom === Infinity)
    expect(untrained.map(({ name }) => name).sort()).toEqual(statisticsOf(norms))
    for (const { name, initial } of untrained) expect(initial(), name).toEqual(weights.get(name))
    for (const { name, initial } of scratch.filter(({ trainedFrom }) => trainedFrom === Infinity))
      expect(new Set(initial())).toEqual(new Set([name.endsWith('mean') ? 0 : 1]))
  })

  it('learns the more slowly the lower a block lies', async () => {
    const scales = async (representation: string) => {
      const { specs } = await specsOf(representation, 0.5)
      return new Map(specs.map(({ name, learningRateScale }) => [name, learningRateScale]))
    }
    const whole = await scales('pooled')
    for (const [name, scale] of [
      ['conv1.weight', 1 / 8],
      ['bn1.bias', 1 / 8],
      ['layer1.0.conv2.weight', 1 / 4],
      ['layer2.0.downsample.0.weight', 1 / 2],
      ['classifier.linear.weight', 1],
    ] as const)
      expect(whole.get(name), name).toBe(scale)
    const first = await scales('stage1')
    expect(first.get('layer1.0.conv2.weight')).toBe(1 / 2)
    for (const name of ['layer2.0.conv1.weight', 'layer2.0.bn1.running_var'])
      expect(first.has(name)).toBe(false)
    expect(first.has('layer1.0.bn2.running_mean')).toBe(true)
  })

  it('is trained with the statistics of the batch, of which a tenth is kept, and classifies with those kept', async () => {
    const { specs, weights } = await specsOf('pooled', 1)
    const network = new FinetuneNetwork(convolvingMethod, 'pooled', rest.weights)
    const trained = new TrainedNetwork({ subject, network, steps: 10, seed: SEED }, specs)
    const source = new Parameters(
      engine(),
      specs.map((spec) => ({ ...spec, initial: () => weights.get(spec.name) ?? spec.initial() })),
    )
    const boxes = Array.from(BATCH, (_, sample) =>
      drawBox({ padding: 4, flipProbability: 0.5 }, SEED, 0, sample),
    )
    const { device } = subject.train
    const views = device.views([...BATCH], boxes, convolvingMethod.normalisation)
    const share = tf.scalar(0.1)
    const expected = convolvingMethod.features(subject.settings, views, source, {
      wanted: ['pooled'],
      statistics: share,
    })

    await trained.step(BATCH, 0)
    const { parameters } = trained
    const flat = await parameters.read(parameters.values)
    for (const [name, tensor] of Object.entries(expected.updates!)) {
      const { offset, size } = parameters.segments.find((segment) => segment.name === name)!
      const moved = flat.subarray(offset, offset + size)
      expect(worstError(moved, await tensor.data()), name).toBeLessThan(1e-6)
      expect(moved, name).not.toEqual(weights.get(name))
    }

    const logits = trained.logits(12, { stage: 'Test', done: 0, total: 1 })
    const few = trained.logits(1, { stage: 'Test', done: 0, total: 1 })
    // With statistics of a batch an image would be classified otherwise among others.
    expect((await finish(few)).slice(0, 10)).toEqual((await finish(logits)).slice(0, 10))
    tf.dispose([views, share, ...expected.features, ...Object.values(expected.updates!)])
    for (const each of [trained, source]) each.dispose()
  })

  it('is fine-tuned and trained from scratch', async () => {
    const request = { representation: 'stage1' }
    const { pretrained, scratch } = await finish(evaluateFinetune(rest, request))
    expect(scratch!.curve).not.toEqual(pretrained.curve)
    for (const { curve } of [pretrained, scratch!])
      expect(curve.map(({ loss }) => Number.isFinite(loss))).toEqual([true])
  })
})
