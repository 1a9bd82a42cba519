import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import {
  goldenConfig,
  goldenParameters,
  inReference,
  pixelsInReference,
  POSITION_TABLES,
} from '../../fixtures/goldenMae.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { patchTargets } from '../patchTargets.ts'
import { maskedCells } from './loss.ts'
import { maeStep, type StepForm, type StepTensors, type Taps } from './step.ts'

const engine = useEngine()

const { loss: lossTolerance, output, gradient, wholeGradient } = DEFAULT_TOLERANCES

const imagesOf = (root: GoldenNode): tf.Tensor4D =>
  upload<tf.Rank.R4>(root.full('x')).transpose([0, 2, 3, 1])

/** The tensors of the step: with λ as it is said, or of plain MAE, whose patches claim their true places. */
function tensorsOf(root: GoldenNode, lambda: number | 'plain'): StepTensors {
  const cells = (key: string): tf.Tensor2D => upload(root.full(key))
  const shown = (claimed: string) => ({ real: cells('real_pos'), claimed: cells(claimed) })
  const images = imagesOf(root)
  if (lambda === 'plain') return { images, shown: shown('real_pos') }
  return {
    images,
    shown: shown('input_pos'),
    labels: cells('labels'),
    weight: tf.scalar(lambda),
  }
}

const NORMALISED: StepForm = { target: 'normalised', decoderInput: 'all' }

/** One forward and backward pass of the real step; everything on the host. */
async function runStep(
  root: GoldenNode,
  parameters: Parameters,
  lambda: number | 'plain',
  form = NORMALISED,
) {
  const kept = new Map<string, tf.Tensor>()
  const keep = (key: string, tensor: tf.Tensor): void => void kept.set(key, tf.keep(tensor.clone()))
  const taps: Taps = {
    onLatent: (tokens) => keep('latent', tokens),
    onPainted: (patches) => keep('pred', patches),
    onDetected: (logits) => keep('detector_logits', logits),
  }
  const config = goldenConfig(root.at('cfg'))
  const { value, grads } = tf.tidy(() => {
    const tensors = tensorsOf(root, lambda)
    return tf.valueAndGrads(() => {
      const { loss, terms } = maeStep(config, form, tensors, parameters, taps)
      for (const [key, term] of Object.entries(terms)) keep(key, term)
      return loss
    })(parameters.tensors())
  })
  const outputs = new Map<string, Float32Array>()
  for (const [key, tensor] of kept) outputs.set(key, await take(tensor))
  const gradients = new Map<string, Float32Array>()
  for (const [index, tensor] of grads.entries())
    gradients.set(parameters.segments[index]!.name, await take(tensor))
  return { loss: (await take(value))[0]!, outputs, gradients }
}

describeGolden(
  ({ method }) => method === 'dilemma+mae',
  ({ root }) => {
    const config = goldenConfig(root.at('cfg'))
    const patch = config.patchSize
    const lambda = root.number('cfg', 'lam')

    /** The step with the file's parameters. */
    async function run(lambdaOr: number | 'plain', form?: StepForm) {
      const parameters = goldenParameters(engine(), root, lambdaOr === 'plain')
      const result = await runStep(root, parameters, lambdaOr, form)
      parameters.dispose()
      return result
    }

    test('positions, mask and normalised targets', async () => {
      const grid = config.imageSize / patch
      for (const [i, name] of POSITION_TABLES.entries()) {
        const width = [config.width, config.decoder.width][i]!
        const table = [...new Float32Array(width), ...sincosPositions(grid, width)]
        expectTensor(table, root.tensor('params', name), 1e-6)
      }
      const masked = tf.tidy(() => maskedCells(upload(root.full('real_pos')), grid * grid))
      expect([...(await take(masked))]).toEqual(root.full('mask').data)
      const targets = await take(tf.tidy(() => patchTargets(imagesOf(root), patch, NORMALISED)))
      const own = pixelsInReference(targets, patch)
      expectTensor(own, root.tensor('outputs', 'target_patches_normalised'), output)
    })

    test('D20 the losses and outputs of the corrupted pass', async () => {
      const { loss, outputs } = await run(lambda)
      expectLoss(loss, root.number('losses', 'total'), lossTolerance)
      expectLoss(outputs.get('hostLoss')![0]!, root.number('losses', 'host'), lossTolerance, 'host')
      expectLoss(outputs.get('bce')![0]!, root.number('losses', 'bce'), lossTolerance, 'bce')
      expectTensor(outputs.get('latent')!, root.tensor('outputs', 'latent'), output)
      const painted = pixelsInReference(outputs.get('pred')!, patch)
      expectTensor(painted, root.tensor('outputs', 'pred'), output)
      const logits = root.tensor('outputs', 'detector_logits')
      expectTensor(outputs.get('detector_logits')!, logits, output)
      const raw = await run(0, { ...NORMALISED, target: 'raw' })
      expectLoss(raw.loss, root.number('losses', 'host_raw_pixels'), lossTolerance, 'raw')
    })

    test('D20 plain MAE', async () => {
      const { loss, outputs } = await run('plain')
      expectLoss(loss, root.number('losses', 'clean'), lossTolerance)
      expect([...outputs.keys()]).toEqual(['latent', 'pred'])
      expectTensor(outputs.get('latent')!, root.tensor('outputs', 'clean_latent'), output)
      const painted = pixelsInReference(outputs.get('pred')!, patch)
      expectTensor(painted, root.tensor('outputs', 'clean_pred'), output)
      const raw = await run('plain', { ...NORMALISED, target: 'raw' })
      expectLoss(raw.loss, root.number('losses', 'clean_raw_pixels'), lossTolerance, 'raw')
    })

    test.each([
      { name: 'of the total', lambdaOr: lambda, at: [] },
      { name: 'D24 of λ = 0', lambdaOr: 0, at: ['grads_lambda0'] },
      { name: 'of plain MAE', lambdaOr: 'plain', at: ['grads_clean'] },
    ] as const)('every gradient $name', async ({ lambdaOr, at }) => {
      const { loss, gradients } = await run(lambdaOr)
      const golden = root.at(...at)
      const total = at.length === 0 ? root.number('losses', 'total') : golden.number('total')
      expectLoss(loss, total, lossTolerance)
      const scale = golden.number('grad_global_norm')
      const reference = golden.tensors('grads')
      const own = inReference(gradients, config)
      expect([...own.keys()].sort()).toEqual([...reference.keys()].sort())
      if (lambdaOr === 0)
        for (const name of ['dilemma_head.weight', 'dilemma_head.bias'])
          expect(Math.max(...Array.from(own.get(name)!, Math.abs)), name).toBe(0)
      expectTensors(own, reference, gradient, scale)
      expectWholeGradient(own, reference, scale, wholeGradient)
    })
  },
)
