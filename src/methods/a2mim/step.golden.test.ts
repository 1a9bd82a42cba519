import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AdamW, type AdamWStep } from '../../engine/adamw.ts'
import { Engine } from '../../engine/engine.ts'
import { worstError } from '../../engine/testing/noise.ts'
import { take, upload, type HostTensor } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  isFull,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import {
  goldenConfig,
  goldenFocus,
  goldenForm,
  goldenInputs,
  goldenParameters,
  goldenPrediction,
  goldenSpatial,
  ourName,
  runGoldenStep,
  toNchw,
  withOurNames,
} from '../../fixtures/goldenA2mim.ts'
import { channelsLast, expectMoved } from '../../fixtures/goldenStep.ts'
import { resnetParameters } from '../../models/resnet.ts'
import { resnetOracle } from '../../models/testing/resnetOracle.ts'
import { fillWithMean } from './corruption.ts'
import { dft2, focalWeight } from './fourier.ts'
import { a2mimLoss, spatialLoss, visibleResidual, type LossForm } from './loss.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

/** Whether the official recipe decays a parameter of the reference: not norms, biases, tokens and positions. */
const decays = (name: string): boolean =>
  name.endsWith('.weight') && !/\.(ln[12]|bn[12]|downsample\.1)\./.test(name)

type GoldenStep = Awaited<ReturnType<typeof runGoldenStep>>

const normOf = (values: Float32Array): number => Math.hypot(...values)

/** One AdamW step from rest in float64. */
function adamw(value: number, gradient: number, decay: boolean, step: AdamWStep, clip: number) {
  const g = gradient * clip
  const kept = decay ? value * (1 - step.learningRate * step.weightDecay) : value
  return kept - (step.learningRate * g) / (Math.abs(g) + step.epsilon)
}

/** Takes one AdamW step with the gradients of the real step, and compares with one of the golden gradients. */
async function compareUpdate(
  root: GoldenNode,
  name: string,
  { loss, gradients }: GoldenStep,
  clipNorm: number,
): Promise<void> {
  const step: AdamWStep = {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.05,
    clipNorm,
    step: 1,
  }
  const parameters = goldenParameters(engine, root)
  const tensors = parameters.trained.map((segment) =>
    upload({ shape: segment.shape, data: gradients.get(segment.name)! }),
  )
  parameters.gatherGradients(tensors)
  const optimiser = new AdamW(engine, parameters)
  const watched = tf.scalar(loss)
  optimiser.step(watched, step)
  tf.dispose([watched, ...tensors])

  const before = withOurNames(root.fullTensors('params'))
  const clip = Math.min(1, clipNorm / root.number('forms', name, 'grad_global_norm'))
  let compared = 0
  for (const [referenceName, reference] of root.tensors('forms', name, 'grads')) {
    if (!isFull(reference)) continue
    const key = ourName(referenceName)
    const after = await parameters.get(key).data<'float32'>()
    const values = before.get(key)!.data
    const wanted = reference.data.map((gradient, i) =>
      adamw(values[i]!, gradient, decays(referenceName), step, clip),
    )
    compared += expectMoved(key, after, wanted, reference.data, step.learningRate)
  }
  expect(compared).toBeGreaterThan(parameters.size / 2)
  optimiser.dispose()
  parameters.dispose()
}

/** The map [B, h, w, C] in float64 with the token of a file in it (spec section 3). */
function withToken(root: GoldenNode, map: HostTensor): HostTensor {
  const given = withOurNames(root.fullTensors('params'))
  const [token, gamma] = [given.get('mask_token')!.data, given.get('mask_gamma')?.data]
  const mask = root.full('mask').data
  const data = Float64Array.from(map.data, (z, i) => {
    const c = i % token.length
    const kept = gamma ? gamma[c]! * z : z
    return mask[Math.floor(i / token.length)] === 1 ? kept + token[c]! : z
  })
  return { shape: map.shape, data }
}

/** Compares running statistics after a step with those of a ResNet in float64; a ViT has none. */
function expectRunning(root: GoldenNode, updates: ReadonlyMap<string, Float32Array>): void {
  const { trunk } = goldenConfig(root.at('cfg'))
  if (trunk.kind === 'vit') {
    expect([...updates.keys()]).toEqual([])
    return
  }
  const given = withOurNames(root.fullTensors('params'))
  const specs = resnetParameters(trunk, 0)
  const parameters = Object.fromEntries(
    specs.map(({ name, shape, initial }): [string, HostTensor] => [
      name,
      given.get(name) ?? { shape, data: initial() },
    ]),
  )
  const wanted = resnetOracle(
    trunk,
    parameters,
    channelsLast(root.full('outputs', 'filled')),
    0.1,
    (shape) => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b)) }),
    (map, stage) => (stage === trunk.tokenStage ? withToken(root, map) : map),
  ).updates
  const running = specs.filter(({ trainedFrom }) => trainedFrom === Infinity)
  expect([...updates.keys()].sort()).toEqual(running.map(({ name }) => name).sort())
  for (const [name, values] of updates)
    expect(worstError(values, wanted[name]!), name).toBeLessThan(DEFAULT_TOLERANCES.output)
}

function declareFormTests(root: GoldenNode, name: 'official' | 'per_image'): void {
  const golden = root.at('forms', name)
  const globalNorm = golden.number('grad_global_norm')
  const cfg = root.at('cfg')
  let done: Promise<GoldenStep> | undefined
  const run = async (): Promise<GoldenStep> => {
    const parameters = goldenParameters(engine, root)
    const answer = await runGoldenStep(root, name, parameters)
    parameters.dispose()
    return answer
  }
  /** The step, taken once for all tests. */
  const step = (): Promise<GoldenStep> => (done ??= run())

  test('loss terms, outputs and every gradient', async () => {
    const { loss, outputs, updates, gradients } = await step()
    expectRunning(root, updates)
    const { loss: lossTolerance, output, gradient, wholeGradient } = DEFAULT_TOLERANCES
    expectLoss(loss, golden.number('losses', 'total'), lossTolerance, 'total')
    for (const term of ['spatial', 'frequency'])
      expectLoss(outputs.get(term)![0]!, golden.number('losses', term), lossTolerance, term)
    const stored = [...root.entries('outputs').keys()].filter((key) => !key.startsWith('fill'))
    for (const key of stored)
      expectTensor(outputs.get(key)!, root.tensor('outputs', key), output, 1, key)
    expect(stored).toEqual(expect.arrayContaining(['masked_feature', 'prediction']))
    const reference = withOurNames(golden.tensors('grads'))
    expectTensors(gradients, reference, gradient, globalNorm)
    expectWholeGradient(gradients, reference, globalNorm, wholeGradient)
    for (const [key, norm] of withOurNames(golden.entries('grad_norms')))
      expect(Math.abs(normOf(gradients.get(key)!) - norm.number()), key).toBeLessThan(
        gradient * Math.max(norm.number(), 1e-3 * globalNorm),
      )
    const all = Math.hypot(...[...gradients.values()].map(normOf))
    expect(Math.abs(all - globalNorm)).toBeLessThan(wholeGradient * globalNorm)
  })

  test('gradient of the prediction', async () => {
    const { form, u } = goldenForm(cfg, name)
    const { gradient, pixelMask } = tf.tidy(() => {
      const { prediction, images, pixelMask } = goldenPrediction(root)
      const total = (p: tf.Tensor): tf.Scalar => {
        const terms = a2mimLoss(p as tf.Tensor4D, images, pixelMask, tf.scalar(u), form)
        return terms.spatial.add(terms.frequency.mul(cfg.number('fft_weight')))
      }
      return { gradient: toNchw(tf.grad(total)(prediction)), pixelMask }
    })
    const values = await take(gradient)
    const reference = golden.tensor('grad_prediction')
    expectTensor(values, reference, DEFAULT_TOLERANCES.gradient, globalNorm)
    const hidden = await take(pixelMask)
    const side = cfg.number('img') ** 2
    const visible = values.filter(
      (_, i) => hidden[Math.floor(i / side / 3) * side + (i % side)] === 0,
    )
    expect(visible.length).toBeGreaterThan(0)
    if (u === 0) expect(visible.every((value) => value === 0)).toBe(true)
  })

  test('frequency weights', async () => {
    const { form, u } = goldenForm(cfg, name)
    const weight = tf.tidy(() => {
      const { prediction, images, pixelMask } = goldenPrediction(root)
      const residual = visibleResidual(
        prediction,
        images,
        pixelMask,
        tf.scalar(u),
        form.replacement,
      )
      const { re, im } = dft2(
        form.spectra === 'batchMean' ? residual.mean<tf.Tensor4D>(0, true) : residual,
      )
      return focalWeight(re.square().add(im.square()), goldenFocus)
    })
    const values = await take(weight)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expectLoss(mean, golden.number('weight_mean'), DEFAULT_TOLERANCES.loss)
    expect(Math.max(...values)).toBe(golden.number('weight_absmax'))
  })

  test('AdamW moves every parameter as in float64', async () => {
    for (const clipNorm of [5, globalNorm / 2])
      await compareUpdate(root, name, await step(), clipNorm)
  })
}

describeGolden(
  ({ method }) => method === 'a2mim',
  ({ root }) => {
    const cfg = root.at('cfg')

    test('the mean colour fills hidden pixels', async () => {
      const { filled, colour } = tf.tidy(() => {
        const { images, pixelMask } = goldenInputs(root)
        const everything = tf.onesLike(pixelMask)
        const corner = fillWithMean(images, everything).slice([0, 0, 0, 0], [-1, 1, 1, -1])
        return { filled: toNchw(fillWithMean(images, pixelMask)), colour: corner }
      })
      const { output } = DEFAULT_TOLERANCES
      expectTensor(await take(colour), root.tensor('outputs', 'fill_value'), output)
      expectTensor(await take(filled), root.tensor('outputs', 'filled'), output)
    })

    test('spatial loss with the other distance', async () => {
      const other = goldenSpatial(cfg) === 'l1' ? 'focalL1' : 'l1'
      const loss = tf.tidy(() => {
        const { prediction, images, pixelMask } = goldenPrediction(root)
        return spatialLoss(prediction, images, pixelMask, other)
      })
      expectLoss((await take(loss))[0]!, root.number('spatial_other_ell'), DEFAULT_TOLERANCES.loss)
    })

    test.each([...root.entries('frequency_table').keys()])('frequency loss %s', async (key) => {
      const [, replacement, spectra] = /^([a-z]+)_(batch_mean|per_image)$/.exec(key)!
      const loss = tf.tidy(() => {
        const { prediction, images, pixelMask } = goldenPrediction(root)
        return a2mimLoss(prediction, images, pixelMask, tf.scalar(0), {
          spatial: goldenSpatial(cfg),
          spectra: spectra === 'batch_mean' ? 'batchMean' : 'perImage',
          replacement: replacement as LossForm['replacement'],
          focus: goldenFocus,
        }).frequency
      })
      const reference = root.number('frequency_table', key)
      expectLoss((await take(loss))[0]!, reference, DEFAULT_TOLERANCES.loss)
    })

    describe('official form', () => declareFormTests(root, 'official'))
    describe('per-image form', () => declareFormTests(root, 'per_image'))
  },
)
