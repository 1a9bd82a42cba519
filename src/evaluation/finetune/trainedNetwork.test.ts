import { describe, expect, it } from 'vitest'
import { drawBox } from '../../data/boxes.ts'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { IMAGE_BYTES, IMAGE_SIZE } from '../../data/images.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { adamwOracle, oracleParameter } from '../../engine/testing/adamwOracle.ts'
import { cropOracle } from '../../engine/testing/cropOracle.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { vitConfig } from '../../methods/a2mim/config.ts'
import type { A2mimSettings } from '../../methods/a2mim/settings.ts'
import { referenceVit, type Weights } from '../../models/testing/reference.ts'
import { FrozenParameters } from '../../engine/frozenParameters.ts'
import type { Subject } from '../subject.ts'
import { smallSubject } from '../testing/subject.ts'
import { anatomyOf } from './anatomy.ts'
import { FinetuneNetwork } from './network.ts'
import { pretrainedSpecs, scratchSpecs } from './specs.ts'
import { TrainedNetwork } from './trainedNetwork.ts'

const engine = useEngine()

const SEED = 9
const BATCH = Uint32Array.of(5, 12)
const SMOOTHING = 0.2

const settings = {
  depth: 2,
  relativePositions: true,
  layerScale: 0.1,
  finetuneWarmup: 0,
  finetuneLearningRate: 3e-3,
  finetuneWeightDecay: 0.5,
  finetuneSmoothing: SMOOTHING,
}

type Pooling = 'patches' | 'class'

/** A network with random values in every parameter, also those that usually start at a constant. */
async function randomNetwork(representation: Pooling) {
  const subject = await smallSubject(engine(), settings)
  const { method } = subject
  const rest = new FrozenParameters(engine(), method.parameters(subject.settings))
  const anatomy = anatomyOf(subject, rest, representation, BATCH.length)
  const scratch = scratchSpecs(subject, anatomy, 1).map((spec, i) => {
    const values = noise(spec.shape, 50 + i, 0.3).data as Float32Array
    return { ...spec, initial: () => values }
  })
  const own = new Map(anatomy.names.map((name) => [name, initialOf(scratch, name)]))
  const specs = pretrainedSpecs(subject, scratch, own, 0.5)
  const weights: Weights = new Map(
    specs.map(({ name, initial }) => [name, Float64Array.from(initial())]),
  )
  const network = new FinetuneNetwork(method, representation, rest)
  const trained = new TrainedNetwork({ subject, network, steps: 10, seed: SEED }, specs)
  const dispose = (): void => {
    trained.dispose()
    rest.dispose()
    subject.dispose()
  }
  return { subject, weights, trained, specs, dispose }
}

const initialOf = (
  specs: readonly { readonly name: string; readonly initial: () => Float32Array }[],
  name: string,
): Float32Array => specs.find((spec) => spec.name === name)!.initial()

/** The cropped, mirrored, normalised images of the first step in float64. */
const viewsOf = ({ train }: Subject): Float64Array[] =>
  Array.from(BATCH, (index, sample) => {
    const bytes = train.host.pixels.subarray(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES)
    const box = drawBox({ padding: 4, flipProbability: 0.5 }, SEED, 0, sample)
    const { mean, deviation } = CIFAR_NORMALISATION
    return cropOracle(bytes, IMAGE_SIZE, box, IMAGE_SIZE).map(
      (value, i) => (value / 255 - mean[i % 3]!) / deviation[i % 3]!,
    )
  })

/** Logits of an image in float64: pooled tokens, layer norm, dense layer. */
function logitsOf(subject: Subject, weights: Weights, view: Float64Array, pooling: Pooling) {
  const config = vitConfig(subject.settings as A2mimSettings)
  const { features } = referenceVit(config, weights, view, [1, 1, 1, 1])
  const rows = pooling === 'class' ? features.slice(0, 1) : features.slice(1)
  const pooled = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)
  const mean = pooled.reduce((sum, value) => sum + value, 0) / pooled.length
  const variance = pooled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pooled.length
  const get = (name: string): Float64Array => weights.get(`classifier.${name}`)!
  const normal = pooled.map(
    (value, i) =>
      ((value - mean) / Math.sqrt(variance + 1e-6)) * get('norm.weight')[i]! + get('norm.bias')[i]!,
  )
  return get('linear.bias').map(
    (bias, c) =>
      bias +
      normal.reduce(
        (sum, value, i) => sum + value * get('linear.weight')[c * normal.length + i]!,
        0,
      ),
  )
}

/** (1 − s) · cross-entropy with the class + s · mean cross-entropy with every class, mean over the batch, in float64. */
function lossOf(subject: Subject, weights: Weights, views: Float64Array[], pooling: Pooling) {
  let sum = 0
  views.forEach((view, b) => {
    const logits = logitsOf(subject, weights, view, pooling)
    const total = Math.log(logits.reduce((all, logit) => all + Math.exp(logit), 0))
    const label = subject.train.host.labels[BATCH[b]!]!
    const every = logits.reduce((all, logit) => all + total - logit, 0) / logits.length
    sum += (1 - SMOOTHING) * (total - logits[label]!) + SMOOTHING * every
  })
  return sum / views.length
}

/** Values of a flat buffer by parameter. */
async function read({ segments, ...parameters }: Parameters, buffer: GPUBuffer) {
  const flat = new Float32Array(await engine().read(buffer))
  expect(parameters.length * 4).toBe(buffer.size)
  return new Map(segments.map((s) => [s.name, flat.subarray(s.offset, s.offset + s.size)]))
}

describe.each([
  { pooling: 'patches', entries: 2 },
  { pooling: 'class', entries: 1 },
] as const)('a step of fine-tuning on $pooling', ({ pooling, entries }) => {
  it('is that of the float64 reference, from the crops to the update', async () => {
    const { subject, weights, trained, specs, dispose } = await randomNetwork(pooling)
    const views = viewsOf(subject)
    const { loss, correct } = await trained.step(BATCH, 0)
    const { parameters } = trained
    const gradients = await read(parameters, parameters.gradients)
    const values = await read(parameters, parameters.values)

    expect(Math.abs(loss / lossOf(subject, weights, views, pooling) - 1)).toBeLessThan(1e-5)
    const predicted = views.map((view) => {
      const logits = logitsOf(subject, weights, view, pooling)
      return logits.indexOf(Math.max(...logits))
    })
    const labels = Array.from(BATCH, (index) => subject.train.host.labels[index]!)
    expect(correct).toBe(predicted.filter((guess, b) => guess === labels[b]).length)

    const largest = Math.max(...[...gradients.values()].flatMap((g) => [...g.map(Math.abs)]))
    for (const { name } of specs) {
      const size = weights.get(name)!.length
      for (let k = 0; k < entries; k++) {
        const entry = Math.floor(((k + 0.5) * size) / entries)
        const at = (step: number): number => {
          const moved = weights.get(name)!.slice()
          moved[entry]! += step
          return lossOf(subject, new Map([...weights, [name, moved]]), views, pooling)
        }
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5
        const error = Math.abs(gradients.get(name)![entry]! - slope)
        expect(error / largest, `${name} ${entry}`).toBeLessThan(2e-5)
      }
    }

    const oracle = specs.map((spec) => oracleParameter(weights.get(spec.name)!, spec))
    adamwOracle(
      oracle,
      specs.map(({ name }) => gradients.get(name)!),
      {
        learningRate: 3e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0.5,
        clipNorm: 0,
        step: 1,
      },
    )
    specs.forEach(({ name }, i) => {
      expect(worstError(values.get(name)!, oracle[i]!.values), name).toBeLessThan(1e-6)
    })
    dispose()
  })
})

it('classifies test images as they are', async () => {
  const { subject, weights, trained, dispose } = await randomNetwork('patches')
  const job = trained.logits(7, { stage: 'Test', done: 0, total: 1 })
  let slice = await job.next()
  while (!slice.done) slice = await job.next()
  const { mean, deviation } = CIFAR_NORMALISATION
  const whole = { top: 0, left: 0, height: IMAGE_SIZE, width: IMAGE_SIZE, flip: false }
  const expected = Array.from({ length: 7 }, (_, index) => {
    const bytes = subject.test.host.pixels.subarray(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES)
    const view = cropOracle(bytes, IMAGE_SIZE, whole, IMAGE_SIZE).map(
      (value, i) => (value / 255 - mean[i % 3]!) / deviation[i % 3]!,
    )
    return [...logitsOf(subject, weights, view, 'patches')]
  }).flat()
  expect(worstError(slice.value, expected)).toBeLessThan(1e-5)
  dispose()
})
