import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { Parameters } from '../../engine/parameters.ts'
import { Replayable } from '../../engine/recording/replayable.ts'
import { noise } from '../../engine/testing/noise.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { plainLinear, plainVit } from '../../models/testing/plainVit.ts'
import { unpatchify } from '../../models/patches.ts'
import { presetValues } from '../../settings/selection.ts'
import { lossForm, networkConfig } from './config.ts'
import { a2mim } from './description.ts'
import { a2mimLoss } from './loss.ts'
import { enterMaskToken, fillWithMean, networkParameters, pixelMaskOf } from './network.ts'
import type { A2mimSettings } from './settings.ts'
import { a2mimStep } from './step.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const settings: A2mimSettings = {
  ...(presetValues(a2mim, 'tiny') as A2mimSettings),
  relativePositions: false,
  layerScale: 0,
  maskLayer: 1,
  tokenEntry: 'sum',
}
const config = networkConfig(settings)
const BATCH = 3

/** The whole step in tfjs' own operations. */
function plainStep(
  images: tf.Tensor4D,
  mask: tf.Tensor2D,
  visible: tf.Tensor,
  parameters: Parameters,
): tf.Scalar {
  const pixelMask = pixelMaskOf(mask, config.patchSize)
  const column = tf.concat([tf.zeros([BATCH, 1, 1]), mask.expandDims(2)], 1)
  const token = parameters.get('mask_token')
  const features = plainVit(config, parameters, fillWithMean(images, pixelMask), (tokens, block) =>
    block === config.maskLayer - 1 ? enterMaskToken(tokens, column, token, 'sum') : tokens,
  ).slice([0, 1, 0], [-1, -1, -1])
  const decoded = plainLinear(
    features,
    parameters.get('decoder.weight'),
    parameters.get('decoder.bias'),
  )
  const prediction = unpatchify(decoded as tf.Tensor3D, config.patchSize)
  const { spatial, frequency } = a2mimLoss(
    prediction,
    images,
    pixelMask,
    visible,
    lossForm(settings),
  )
  return spatial.add(frequency.mul(settings.frequencyWeight))
}

test('a fused, recorded step gives loss and gradients of the step in plain tfjs', async () => {
  const parameters = new Parameters(
    engine,
    networkParameters(config, 1).map((spec) => ({
      ...spec,
      // Far from 0 and 1, so that every parameter matters.
      initial: () => {
        const values = spec.initial()
        const { data } = noise(spec.shape, values.length, 0.05)
        return values.map((value, i) => value + data[i]!)
      },
    })),
  )
  const images = upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], 1))
  const patches = (config.imageSize / config.patchSize) ** 2
  const mask = upload<tf.Rank.R2>({
    shape: [BATCH, patches],
    data: Array.from(noise([BATCH * patches], 2).data, (value) => Number(value > -0.3)),
  })
  const [weight, visible] = [tf.scalar(settings.frequencyWeight), tf.scalar(0.5)]

  const plain = tf.tidy(() =>
    tf.valueAndGrads(() => plainStep(images, mask, visible, parameters))(parameters.tensors()),
  )
  const result = engine.createBuffer('loss', 4, GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC)
  const replayable = new Replayable(engine, () =>
    tf.tidy(() => {
      const tensors = { images, mask, frequencyWeight: weight, visibleGradient: visible }
      const { value, grads } = tf.valueAndGrads(
        () => a2mimStep(config, lossForm(settings), tensors, parameters).loss,
      )(parameters.tensors())
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
  for (const [index, { name, offset, size }] of parameters.segments.entries()) {
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
})
