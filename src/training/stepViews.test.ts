import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { CIFAR_NORMALISATION, DeviceImages } from '../data/deviceImages.ts'
import { drawViews } from '../data/drawViews.ts'
import { IMAGE_BYTES } from '../data/images.ts'
import type { ColourRule, ViewRule } from '../data/viewRules.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import type { MethodDescription } from '../methods/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import { linearParameters } from '../models/initial.ts'
import { noiseImages, smallRun, smallSettings } from './testing/small.ts'

const engine = useEngine()

const crop = { scaleMin: 0.3, flipProbability: 0.5 }
const colour: ColourRule = {
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.2,
  hue: 0.1,
  jitterProbability: 0.8,
  greyProbability: 0.2,
}

const filter = { blurProbability: 0.5, sigmaMin: 0.5, sigmaMax: 2, solariseProbability: 0.5 }

/**
 * One view of its own, two with the same boxes and colours of their own, one of those boxes without colours; and a small
 * one that is filtered.
 */
const RULES: readonly ViewRule[] = [
  { crop },
  { crop, colour },
  { crop: { sharedWith: 1 }, colour },
  { crop: { sharedWith: 2 } },
  { size: 16, crop: { ...crop, scaleMin: 0.1, scaleMax: 0.3 }, filter },
]

const description: MethodDescription = {
  ...a2mim,
  metrics: ['loss', 'view0', 'view1', 'view2', 'view3', 'view4'].map((key) => ({
    key,
    label: key,
    help: 'Mean over a view of the values times a wave.',
  })),
}

/** A mean that no two views share: the values of a view times a wave. */
const fingerprint = (view: tf.Tensor): tf.Scalar => {
  const wave = Float32Array.from({ length: view.size }, (_, i) => Math.sin(i / 3))
  return view.mul(tf.tensor(wave, view.shape)).mean<tf.Scalar>()
}

const methodOfViews = async (): Promise<Method> => ({
  ...(await loadMethod(a2mim.id)),
  views: () => RULES,
  parameters: () => linearParameters(1, 'layer', [1, 1]).slice(0, 1),
  stepInputs: () => ({}),
  loss: ({ views }, parameters) => ({
    loss: parameters.get('layer.weight').square().mean<tf.Scalar>(),
    terms: Object.fromEntries(views.map((view, i) => [`view${i}`, fingerprint(view)])),
  }),
})

it('a step sees the views that its rules draw, those that share boxes too', async () => {
  const method = await methodOfViews()
  // All images are the same one, so that it does not matter which ones a batch has.
  const { pixels, ...images } = noiseImages(64)
  pixels.forEach((_, i) => (pixels[i] = pixels[i % IMAGE_BYTES]!))
  const settings = smallSettings({ checkRecording: true, seed: 9 })
  const run = await smallRun(engine(), { settings, description, method }, { ...images, pixels })
  await run.trainTo(3)

  const device = new DeviceImages(engine(), { ...images, pixels })
  for (const [step, { values }] of run.rows.entries()) {
    const draws = drawViews(RULES, { seed: 9, step }, 4)
    for (const [view, draw] of draws.entries()) {
      const batch = device.batch(4, CIFAR_NORMALISATION, RULES[view])
      batch.choose([0, 1, 2, 3], draw)
      const [expected] = await take(tf.tidy(() => fingerprint(batch.encode())))
      expect(values[`view${view}`], `view ${view} of step ${step}`).toBeCloseTo(expected!, 5)
      batch.dispose()
    }
  }
  const seen = run.rows.flatMap(({ values }) => RULES.map((_, i) => values[`view${i}`]!.toFixed(5)))
  expect(new Set(seen).size).toBe(seen.length)
  device.dispose()
  run.dispose()
})
