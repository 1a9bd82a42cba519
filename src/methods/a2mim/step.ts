import type * as tf from '@tensorflow/tfjs'
import { fuse } from '../../engine/ops/fuse.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { LossResult } from '../method.ts'
import { a2mimLoss, type LossForm } from './loss.ts'
import { A2mimNetwork, fillWithMean, pixelMaskOf, type A2mimConfig, type Taps } from './network.ts'

/** The tensors of one training step. */
export interface StepTensors {
  /** The unmasked normalised images [B, S, S, 3]: what is filled, and what is compared with. */
  readonly images: tf.Tensor4D
  /** [B, N], 1 = hidden. */
  readonly mask: tf.Tensor2D
  /** Scalar lambda. */
  readonly frequencyWeight: tf.Tensor
  /** Scalar u: see `a2mimLoss`. */
  readonly visibleGradient: tf.Tensor
  /** Drop path: see `VitOptions`. */
  readonly pathFactors?: tf.Tensor2D | undefined
}

/** A whole forward pass: fill, rebuild, compare. The loss is spatial + lambda · frequency. */
export function a2mimStep(
  config: A2mimConfig,
  form: LossForm,
  { images, mask, frequencyWeight, visibleGradient, pathFactors }: StepTensors,
  parameters: ParameterSource,
  taps: Taps = {},
): LossResult {
  const pixelMask = pixelMaskOf(mask, config.patchSize)
  const network = new A2mimNetwork(config, parameters)
  const prediction = network.predict(
    fillWithMean(images, pixelMask),
    mask,
    pathFactors && { pathFactors },
    taps,
  )
  const terms = a2mimLoss(prediction, images, pixelMask, visibleGradient, form)
  const { spatial, frequency } = terms
  const loss = fuse('a2mim loss', [spatial, frequency], [frequencyWeight], (s, f, lambda) =>
    s.add(f.mul(lambda)),
  )
  return { loss, terms }
}
