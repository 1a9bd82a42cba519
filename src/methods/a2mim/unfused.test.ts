import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { Parameters } from '../../engine/parameters.ts'
import { Replayable } from '../../engine/recording/replayable.ts'
import { noise } from '../../engine/testing/noise.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { unpatchify } from '../../models/patches.ts'
import { plainResnet } from '../../models/testing/plainResnet.ts'
import { plainLinear, plainVit } from '../../models/testing/plainVit.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { resnetConfig, stepConfig, vitConfig } from './config.ts'
import { hidePixels, pixelMaskOf } from './corruption.ts'
import { a2mim } from './description.ts'
import { a2mimLoss } from './loss.ts'
import { networkParameters, trunkShape } from './network.ts'
import type { A2mimSettings } from './settings.ts'
import { a2mimStep } from './step.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const BATCH = 3

/** Features [B, cells, C] of filled images in tfjs' own operations. */
type PlainTrunk = (parameters: Parameters, filled: tf.Tensor4D, mask: tf.Tensor2D) => tf.Tensor

const tiny = presetValues(a2mim, 'tiny') as A2mimSettings
const vit: A2mimSettings = { ...tiny, relativePositions: false, layerScale: 0, maskLayer: 1 }
const tinyResnet = presetValues(a2mim, 'tinyResnet') as A2mimSettings
const resnet: A2mimSettings = {
  ...tinyResnet,
  tokenEntry: 'gamma',
  stemWidth: 4,
  blocks3: 0,
  tokenStage: 1,
  maskPatch: '4',
}

const plainVitTrunk: PlainTrunk = (parameters, filled, mask) => {
  const column = tf.concat([tf.zeros([BATCH, 1, 1]), mask.expandDims(2)], 1)
  const token = parameters.get('mask_token')
  return plainVit(vitConfig(vit), parameters, filled, (tokens, block) =>
    block === vit.maskLayer - 1 ? tokens.add(column.mul(token)) : tokens,
  ).slice([0, 1, 0], [-1, -1, -1])
}

const plainResnetTrunk: PlainTrunk = (parameters, filled, mask) => {
  const map = plainResnet(resnetConfig(resnet), parameters, filled, (z, stage) => {
    if (stage !== resnet.tokenStage) return z
    const [, side, , channels] = z.shape
    const hidden = mask.reshape([BATCH, side, side, 1])
    const [token, gamma] = ['mask_token', 'mask_gamma'].map((name) =>
      parameters.get(name).reshape([1, 1, 1, channels]),
    )
    const shown = z.mul(tf.scalar(1).sub(hidden))
    return shown.add(z.mul(hidden).mul(gamma!)).add(hidden.mul(token!))
  })
  return map.reshape([BATCH, -1, map.shape[3]])
}

/** The whole step in tfjs' own operations, but for fill and loss, which have yardsticks of their own. */
function plainStep(
  settings: A2mimSettings,
  trunk: PlainTrunk,
  images: tf.Tensor4D,
  mask: tf.Tensor2D,
  visible: tf.Tensor,
  parameters: Parameters,
): tf.Scalar {
  const { network, form } = stepConfig(settings)
  const { tokenStride, stride } = trunkShape(network)
  const pixelMask = pixelMaskOf(mask, tokenStride)
  const decoded = plainLinear(
    trunk(parameters, hidePixels(images, pixelMask, 'mean'), mask),
    parameters.get('decoder.weight'),
    parameters.get('decoder.bias'),
  )
  const prediction = unpatchify(decoded as tf.Tensor3D, stride)
  const { spatial, frequency } = a2mimLoss(prediction, images, pixelMask, visible, form)
  return spatial.add(frequency.mul(settings.frequencyWeight))
}

test.each<[string, A2mimSettings, PlainTrunk]>([
  ['ViT', vit, plainVitTrunk],
  ['ResNet', resnet, plainResnetTrunk],
])(
  'a fused, recorded step gives loss and gradients of the step in plain tfjs: %s',
  async (_, settings, trunk) => {
    const step = stepConfig(settings)
    // Far from 0 and 1, so that every parameter matters.
    const parameters = new Parameters(engine, livelySpecs(networkParameters(step.network, 1)))
    const images = upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], 1))
    const patches = (32 / trunkShape(step.network).tokenStride) ** 2
    const mask = upload<tf.Rank.R2>({
      shape: [BATCH, patches],
      data: Array.from(noise([BATCH * patches], 2).data, (value) => Number(value > -0.3)),
    })
    const [weight, visible] = [tf.scalar(settings.frequencyWeight), tf.scalar(0.5)]

    const plain = tf.tidy(() =>
      tf.valueAndGrads(() => plainStep(settings, trunk, images, mask, visible, parameters))(
        parameters.tensors(),
      ),
    )
    const result = engine.createBuffer('loss', 4, GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC)
    const replayable = new Replayable(engine, () =>
      tf.tidy(() => {
        const tensors = { images, mask, frequencyWeight: weight, visibleGradient: visible }
        const { value, grads } = tf.valueAndGrads(() => a2mimStep(step, tensors, parameters).loss)(
          parameters.tensors(),
        )
        parameters.gatherGradients(grads)
        const { buffer } = engine.rangeOf(value)
        engine.encoder().copyBufferToBuffer(buffer, 0, result, 0, 4)
      }),
    )
    await replayable.run()

    const [loss] = new Float32Array(await engine.read(result))
    const [expected] = await take(plain.value)
    expect(Math.abs(loss! / expected! - 1)).toBeLessThan(TOLERANCES.wholeStep.value)
    const flat = await parameters.read(parameters.gradients)
    for (const [index, { name, offset, size }] of parameters.trained.entries()) {
      const reference = await take(plain.grads[index]!)
      const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest, name).toBeGreaterThan(0)
      const worst = reference.reduce(
        (most, value, i) => Math.max(most, Math.abs(flat[offset + i]! - value)),
        0,
      )
      expect(reference, name).toHaveLength(size)
      expect(worst / largest, name).toBeLessThan(TOLERANCES.wholeStep.gradient)
    }
    engine.check()
    replayable.dispose()
    parameters.dispose()
    tf.dispose([images, mask, weight, visible])
    engine.destroyBuffer(result)
  },
)
