import type * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { DeviceImages } from '../data/deviceImages.ts'
import { AdamW, type AdamWStep } from '../engine/adamw.ts'
import type { Parameters } from '../engine/parameters.ts'
import { adamwOracle, oracleParameter } from '../engine/testing/adamwOracle.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensors,
  expectWholeGradient,
  isFull,
  type GoldenNode,
} from '../fixtures/golden.ts'
import { goldenConfig, goldenParameters, inReference, ourName } from '../fixtures/goldenRandsac.ts'
import { channelsLast, expectMoved, tensorsIn } from '../fixtures/goldenStep.ts'
import type { Method } from '../methods/method.ts'
import { randsac } from '../methods/randsac/description.ts'
import type { RandsacConfig } from '../methods/randsac/network.ts'
import { randsacStep } from '../methods/randsac/step.ts'
import { defaultsOf } from '../settings/rows.ts'
import { commonTable } from '../settings/common.ts'
import type { TableDescription } from '../tables.ts'
import { Readings } from './readings.ts'
import { STATUS_WORDS, StepLayout } from './stepNumbers.ts'
import { StepProgram } from './stepProgram.ts'
import { noiseImages } from './testing/small.ts'

const engine = useEngine()

const OPTIMISER: AdamWStep = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.05,
  clipNorm: 0,
  step: 1,
}

/** The method on the network of a file; its images come as step inputs, uncropped as they are. */
const methodOf = (config: RandsacConfig): Pick<Method, 'normalisation' | 'views' | 'loss'> => ({
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  views: () => [],
  loss: ({ inputs }, parameters) =>
    randsacStep(
      config,
      { target: 'normalised' },
      { images: inputs.images as tf.Tensor4D, ranks: inputs.ranks as tf.Tensor2D },
      parameters,
    ),
})

/** The tables that the description has for settings of the size of a file. */
const tablesOf = (config: RandsacConfig): TableDescription[] => {
  const tokens = (config.imageSize / config.patchSize) ** 2
  const columns = { label: '', at: Array.from({ length: tokens }, (_, i) => i) }
  return [{ key: 'rankLoss', label: '', help: '', kind: 'means', columns }]
}

/** Does one step with the values of a file, checked against the step done operation by operation. */
async function runStep(root: GoldenNode, config: RandsacConfig, parameters: Parameters) {
  const tables = tablesOf(config)
  const layout = new StepLayout(randsac, tables)
  const optimiser = new AdamW(engine(), parameters)
  const readings = new Readings(engine(), layout.length, STATUS_WORDS)
  const images = new DeviceImages(engine(), noiseImages(1))
  const { shape, data } = root.full('rank')
  const wishes = {
    settings: { ...defaultsOf(commonTable), checkRecording: true },
    draw: { seed: 1, step: 0 },
    indices: Uint32Array.of(0),
    inputs: {
      images: channelsLast(root.full('x')),
      ranks: { shape, data: Uint8Array.from(data) },
    },
    optimiser: OPTIMISER,
  }
  const metricKeys = randsac.metrics.map(({ key }) => key)
  const parts = { engine: engine(), images, parameters, optimiser, readings, metricKeys, tables }
  const program = new StepProgram({ ...parts, method: methodOf(config) }, wishes)
  const numbers = layout.read(await (await program.run(wishes))())
  const gradients = tensorsIn(await parameters.read(parameters.gradients), parameters)
  const values = tensorsIn(await parameters.read(parameters.values), parameters)
  for (const part of [program, images, readings, optimiser]) part.dispose()
  return { ...numbers, gradients, values }
}

const { loss: lossTolerance, gradient, wholeGradient } = DEFAULT_TOLERANCES

describeGolden(
  ({ method }) => method === 'randsac',
  ({ root }) => {
    test('the recorded training step: loss, losses of ranks, gradients and update', async () => {
      const config = goldenConfig(root.at('cfg'), true)
      const golden = root.at('variants', 'skip_on')
      const before = root.fullTensors('params')
      const parameters = goldenParameters(engine(), config, before)
      const { metrics, tables, gradients, values } = await runStep(root, config, parameters)

      expectLoss(metrics.loss!, golden.number('loss'), lossTolerance)
      const [sums, counts] = [0, 1].map((row) => {
        const all = tables!.rankLoss!
        return all.subarray((row * all.length) / 2, ((row + 1) * all.length) / 2)
      })
      golden.numbers('loss_per_rank').forEach((reference, rank) => {
        if (rank === 0) expect([sums![0], counts![0]]).toEqual([0, 0])
        else expectLoss(sums![rank]! / counts![rank]!, reference, lossTolerance, `rank ${rank}`)
      })

      const [scale, reference] = [golden.number('grad_global_norm'), golden.tensors('grads')]
      const own = inReference(gradients, reference, config.patchSize)
      expectTensors(own, reference, gradient, scale)
      expectWholeGradient(own, reference, scale, wholeGradient)

      const after = inReference(values, reference, config.patchSize)
      const decays = new Map(parameters.segments.map(({ name, decay }) => [name, decay]))
      let known = 0
      for (const [name, slopes] of reference) {
        if (!isFull(slopes)) continue
        const wanted = oracleParameter(before.get(name)!.data, {
          decay: decays.get(ourName(name))!,
          learningRateScale: 1,
        })
        adamwOracle([wanted], [slopes.data], OPTIMISER)
        known += expectMoved(
          name,
          after.get(name)!,
          wanted.values,
          slopes.data,
          OPTIMISER.learningRate,
        )
      }
      expect(known).toBeGreaterThan(0)
      parameters.dispose()
    })
  },
)
