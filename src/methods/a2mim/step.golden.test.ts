import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AdamW, type AdamWStep } from '../../engine/adamw.ts'
import { Engine } from '../../engine/engine.ts'
import { Parameters } from '../../engine/parameters.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  isFull,
  type FullTensor,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import { expectMoved } from '../../fixtures/goldenStep.ts'
import { dft2, focalWeight } from './fourier.ts'
import { a2mimLoss, spatialLoss, visibleResidual, type LossForm } from './loss.ts'
import { fillWithMean, networkParameters, pixelMaskOf, type A2mimConfig } from './network.ts'
import { a2mimStep } from './step.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const focus = { exponent: 1, log: true, maximum: 'image' } as const

const configOf = (cfg: GoldenNode): A2mimConfig => ({
  imageSize: cfg.number('img'),
  patchSize: cfg.number('model_patch'),
  width: cfg.number('D'),
  depth: cfg.number('depth'),
  heads: cfg.number('heads'),
  mlpWidth: cfg.number('ffn'),
  layerNormEpsilon: cfg.number('ln_eps'),
  finalNorm: true,
  classToken: true,
  positions: 'learned',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'truncatedNormal',
  maskLayer: cfg.number('mask_layer'),
  tokenEntry: 'sum',
})

const spatialOf = (cfg: GoldenNode): LossForm['spatial'] =>
  cfg.text('ell') === 'l1' ? 'l1' : 'focalL1'

/** The two forms that a file holds, and the u of each. */
const formOf = (cfg: GoldenNode, name: string): { form: LossForm; u: number } =>
  name === 'official'
    ? {
        form: { spatial: spatialOf(cfg), spectra: 'batchMean', replacement: 'mixed', focus },
        u: cfg.number('u'),
      }
    : {
        form: { spatial: spatialOf(cfg), spectra: 'perImage', replacement: 'prediction', focus },
        u: 0,
      }

/** A parameter of the reference by our name. */
const ourName = (name: string): string =>
  name
    .replace(/^backbone\.ln1/, 'norm')
    .replace(/^backbone\.patch_embed\.projection/, 'patch_embed.proj')
    .replace(/^backbone\.layers\./, 'blocks.')
    .replace(/^backbone\./, '')
    .replace(/\.ln([12])\./, '.norm$1.')
    .replace('.ffn.layers.0.0.', '.mlp.fc1.')
    .replace('.ffn.layers.1.', '.mlp.fc2.')
    .replace(/^neck\.decoder_pred\.0/, 'decoder')

/** Whether the official recipe decays a parameter of the reference: not norms, biases, tokens and positions. */
const decays = (name: string): boolean => name.endsWith('.weight') && !/\.ln[12]\./.test(name)

const withOurNames = <V>(tensors: ReadonlyMap<string, V>): Map<string, V> =>
  new Map([...tensors].map(([name, value]) => [ourName(name), value]))

/** Our parameters with the values of the file. */
function parametersOf(root: GoldenNode): Parameters {
  const values = withOurNames(root.fullTensors('params'))
  const specs = networkParameters(configOf(root.at('cfg')), 0)
  const shapes = (entries: Iterable<readonly [string, { shape: readonly number[] }]>): object =>
    Object.fromEntries([...entries].map(([name, { shape }]) => [name, shape]))
  expect(shapes(specs.map((spec) => [spec.name, spec]))).toEqual(shapes(values))
  return new Parameters(
    engine,
    specs.map((spec) => ({
      ...spec,
      initial: () => Float32Array.from(values.get(spec.name)!.data),
    })),
  )
}

const toNhwc = (images: tf.Tensor): tf.Tensor4D => images.transpose([0, 2, 3, 1])
const toNchw = (images: tf.Tensor): tf.Tensor4D => images.transpose([0, 3, 1, 2])

const imagesOf = (tensor: FullTensor): tf.Tensor4D => toNhwc(upload(tensor))

const maskOf = (root: GoldenNode): tf.Tensor2D => {
  const mask = root.full('mask')
  return upload(mask).reshape([mask.shape[0]!, -1])
}

/** Images, mask and mask in pixels of a file. */
const inputsOf = (root: GoldenNode) => {
  const mask = maskOf(root)
  return {
    images: imagesOf(root.full('x')),
    mask,
    pixelMask: pixelMaskOf(mask, root.number('cfg', 'model_patch')),
  }
}

/** One forward and backward pass of the real step; everything on the host. */
async function runStep(root: GoldenNode, name: string, parameters: Parameters) {
  const cfg = root.at('cfg')
  const { form, u } = formOf(cfg, name)
  const outputs = new Map<string, tf.Tensor>()
  const save = (key: string, tensor: tf.Tensor): void => {
    outputs.set(key, tf.keep(tensor))
  }
  const { loss, grads } = tf.tidy(() => {
    const { images, mask } = inputsOf(root)
    const tensors = {
      images,
      mask,
      frequencyWeight: tf.scalar(cfg.number('fft_weight')),
      visibleGradient: tf.scalar(u),
    }
    const { value, grads } = tf.valueAndGrads(() => {
      const result = a2mimStep(configOf(cfg), form, tensors, parameters, {
        masked: (tokens) => save('masked_feature', tokens),
        features: (tokens) => save('final_feature', tokens.transpose([0, 2, 1])),
        prediction: (prediction) => save('prediction', toNchw(prediction)),
      })
      for (const [term, value] of Object.entries(result.terms)) save(term, value)
      return result.loss
    })(parameters.tensors())
    return { loss: value, grads }
  })
  const host = new Map<string, Float32Array>()
  for (const [key, tensor] of outputs) host.set(key, await take(tensor))
  const gradients = new Map<string, Float32Array>()
  for (const [index, gradient] of grads.entries())
    gradients.set(parameters.segments[index]!.name, await take(gradient))
  return { loss: (await take(loss))[0]!, outputs: host, gradients }
}

const normOf = (values: Float32Array): number => Math.hypot(...values)

/** One AdamW step from rest in float64. */
function adamw(value: number, gradient: number, decay: boolean, step: AdamWStep, clip: number) {
  const g = gradient * clip
  const kept = decay ? value * (1 - step.learningRate * step.weightDecay) : value
  return kept - (step.learningRate * g) / (Math.abs(g) + step.epsilon)
}

/** Takes one AdamW step with the gradients of the real step, and compares with one of the golden gradients. */
async function compareUpdate(root: GoldenNode, name: string, clipNorm: number): Promise<void> {
  const step: AdamWStep = {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.05,
    clipNorm,
    step: 1,
  }
  const parameters = parametersOf(root)
  const { loss, gradients } = await runStep(root, name, parameters)
  const tensors = parameters.segments.map((segment) =>
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

/** The prediction that the file holds, and what the loss needs beside it. */
const predictionOf = (root: GoldenNode) => ({
  ...inputsOf(root),
  prediction: imagesOf(root.full('outputs', 'prediction')),
})

function declareFormTests(root: GoldenNode, name: 'official' | 'per_image'): void {
  const golden = root.at('forms', name)
  const globalNorm = golden.number('grad_global_norm')
  const cfg = root.at('cfg')

  test('loss terms, outputs and every gradient', async () => {
    const parameters = parametersOf(root)
    const { loss, outputs, gradients } = await runStep(root, name, parameters)
    parameters.dispose()
    const { loss: lossTolerance, output, gradient, wholeGradient } = DEFAULT_TOLERANCES
    expectLoss(loss, golden.number('losses', 'total'), lossTolerance, 'total')
    for (const term of ['spatial', 'frequency'])
      expectLoss(outputs.get(term)![0]!, golden.number('losses', term), lossTolerance, term)
    for (const key of ['masked_feature', 'prediction', 'final_feature'])
      expectTensor(outputs.get(key)!, root.tensor('outputs', key), output, 1, key)
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
    const { form, u } = formOf(cfg, name)
    const { gradient, pixelMask } = tf.tidy(() => {
      const { prediction, images, pixelMask } = predictionOf(root)
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
    const { form, u } = formOf(cfg, name)
    const weight = tf.tidy(() => {
      const { prediction, images, pixelMask } = predictionOf(root)
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
      return focalWeight(re.square().add(im.square()), focus)
    })
    const values = await take(weight)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expectLoss(mean, golden.number('weight_mean'), DEFAULT_TOLERANCES.loss)
    expect(Math.max(...values)).toBe(golden.number('weight_absmax'))
  })

  test('AdamW moves every parameter as in float64', async () => {
    await compareUpdate(root, name, 5)
    await compareUpdate(root, name, globalNorm / 2)
  })
}

describeGolden(
  ({ method, root }) => method === 'a2mim' && root.text('cfg', 'kind') === 'vit',
  ({ root }) => {
    const cfg = root.at('cfg')

    test('the mean colour fills hidden pixels', async () => {
      const { filled, colour } = tf.tidy(() => {
        const { images, pixelMask } = inputsOf(root)
        const everything = tf.onesLike(pixelMask)
        const corner = fillWithMean(images, everything).slice([0, 0, 0, 0], [-1, 1, 1, -1])
        return { filled: toNchw(fillWithMean(images, pixelMask)), colour: corner }
      })
      const { output } = DEFAULT_TOLERANCES
      expectTensor(await take(colour), root.tensor('outputs', 'fill_value'), output)
      expectTensor(await take(filled), root.tensor('outputs', 'filled'), output)
    })

    test('spatial loss with the other distance', async () => {
      const other = spatialOf(cfg) === 'l1' ? 'focalL1' : 'l1'
      const loss = tf.tidy(() => {
        const { prediction, images, pixelMask } = predictionOf(root)
        return spatialLoss(prediction, images, pixelMask, other)
      })
      expectLoss((await take(loss))[0]!, root.number('spatial_other_ell'), DEFAULT_TOLERANCES.loss)
    })

    test.each([...root.entries('frequency_table').keys()])('frequency loss %s', async (key) => {
      const [, replacement, spectra] = /^([a-z]+)_(batch_mean|per_image)$/.exec(key)!
      const loss = tf.tidy(() => {
        const { prediction, images, pixelMask } = predictionOf(root)
        return a2mimLoss(prediction, images, pixelMask, tf.scalar(0), {
          spatial: spatialOf(cfg),
          spectra: spectra === 'batch_mean' ? 'batchMean' : 'perImage',
          replacement: replacement as LossForm['replacement'],
          focus,
        }).frequency
      })
      const reference = root.number('frequency_table', key)
      expectLoss((await take(loss))[0]!, reference, DEFAULT_TOLERANCES.loss)
    })

    describe('official form', () => declareFormTests(root, 'official'))
    describe('per-image form', () => declareFormTests(root, 'per_image'))
  },
)
