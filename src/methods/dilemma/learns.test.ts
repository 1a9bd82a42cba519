import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { AdamW } from '../../engine/adamw.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { detectorLogits } from './head.ts'
import { corruptorInputs, labelsOf, shownOf } from './inputs.ts'
import { detection } from './loss.ts'
import { encodeView } from './step.ts'
import { livelyParameters, planWith, SMALL } from './testing/networks.ts'

const engine = useEngine()

const CONFIG = { ...SMALL, width: 16, heads: 2, mlpWidth: 32 }
const PLAN = planWith({ mismatch: 0.5 })
const BATCH = 32
const STEPS = 40
const RATES = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 0,
}

/** Images that are brighter from left to right and, in another channel, from top to bottom: a patch tells its place. */
function telling(step: number): tf.Tensor4D {
  const random = randomAt(5, Stream.samples, step)
  const pixel = (i: number): number => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % 8, Math.floor(i / 24) % 8]
    const place = channel === 0 ? x : channel === 1 ? y : 3.5
    return (place - 3.5) / 2 + 0.3 * random.normal()
  }
  const data = Float32Array.from({ length: BATCH * 192 }, (_, i) => pixel(i))
  return upload({ shape: [BATCH, 8, 8, 3], data })
}

const grey = (): tf.Tensor4D => tf.fill([BATCH, 8, 8, 3], 0.3)

/** The detection of the claims of a step, in these images. */
function detect(parameters: Parameters, images: tf.Tensor4D, step: number) {
  const inputs = Object.fromEntries(
    Object.entries(corruptorInputs(PLAN, { seed: 3, step }, BATCH, 0)).map(
      ([name, { shape, data }]) => [name, tf.tensor(Float32Array.from(data), [...shape])],
    ),
  )
  const [shown, labels] = [shownOf(inputs, 0)!, labelsOf(inputs, 0)!]
  const weight = tf.scalar(1)
  return () => {
    const { tokens } = encodeView(CONFIG, images, parameters, { shown })
    return detection([{ logits: detectorLogits(tokens, parameters), labels, ...shown }], weight, 4)
  }
}

/** Mean AUROC over some batches that were not trained on. */
async function heldOut(parameters: Parameters, images: (step: number) => tf.Tensor4D) {
  const areas = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      take(tf.tidy(() => detect(parameters, images(1000 + i), 1000 + i)().terms.auroc!)),
    ),
  )
  return areas.reduce((sum, [area]) => sum + area!, 0) / areas.length
}

/** Trains the detector and its trunk for some steps. */
function train(parameters: Parameters, steps: number): void {
  const optimiser = new AdamW(engine(), parameters)
  for (let step = 1; step <= steps; step++)
    tf.tidy(() => {
      const found = detect(parameters, telling(step), step)
      const loss = (): tf.Scalar => found().loss
      const { value, grads } = tf.valueAndGrads(loss)(parameters.tensors())
      parameters.gatherGradients(grads)
      optimiser.step(value, { ...RATES, step })
    })
  optimiser.dispose()
}

test('D26 a trained detector finds wrong places where images tell them, and none where they do not', async () => {
  const parameters = livelyParameters(engine(), CONFIG)
  const untrained = await heldOut(parameters, telling)
  train(parameters, STEPS)
  const [told, untold] = [await heldOut(parameters, telling), await heldOut(parameters, grey)]
  parameters.dispose()
  expect(Math.abs(untrained - 0.5)).toBeLessThan(0.1)
  expect(told).toBeGreaterThan(0.8)
  // 8 batches of 256 tokens, half of them false: the deviation of the mean is 0.013.
  expect(Math.abs(untold - 0.5)).toBeLessThan(0.05)
})
