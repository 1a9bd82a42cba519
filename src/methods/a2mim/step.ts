import type * as tf from '@tensorflow/tfjs'
import { fuse } from '../../engine/ops/fuse.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { LossResult } from '../method.ts'
import { hidePixels, pixelMaskOf, type Fill, type PixelNoise } from './corruption.ts'
import { a2mimLoss, spatialLoss, type LossForm } from './loss.ts'
import { A2mimNetwork, trunkShape, type A2mimConfig, type Taps } from './network.ts'

/** Share by which running statistics move on in a step: torch's convention. */
const MOMENTUM = 0.1

/** All that the settings say of a step. */
export interface StepConfig {
  readonly network: A2mimConfig
  readonly fill: Fill
  readonly form: LossForm
}

/** The tensors of one training step. */
export interface StepTensors {
  /** The unmasked normalised images [B, S, S, 3]: what is filled, and what is compared with. */
  readonly images: tf.Tensor4D
  /** [B, cells at the token's place], 1 = hidden. */
  readonly mask: tf.Tensor2D
  /** Scalar lambda. */
  readonly frequencyWeight: tf.Tensor
  /** Scalar u: see `a2mimLoss`. */
  readonly visibleGradient: tf.Tensor
  /** For fills that need it. */
  readonly noise?: PixelNoise | undefined
  /** Drop path: see `VitOptions`. */
  readonly pathFactors?: tf.Tensor2D | undefined
}

/** A whole forward pass: fill, rebuild, compare. The loss is spatial + lambda · frequency. */
export function a2mimStep(
  { network, fill, form }: StepConfig,
  { images, mask, frequencyWeight, visibleGradient, noise, pathFactors }: StepTensors,
  parameters: ParameterSource,
  taps: Taps = {},
): LossResult {
  const pixelMask = pixelMaskOf(mask, trunkShape(network).tokenStride)
  const model = new A2mimNetwork(network, parameters, { kind: 'batch', momentum: MOMENTUM })
  const filled = hidePixels(images, pixelMask, fill, noise)
  const prediction = model.predict(filled, mask, { pathFactors }, taps)
  const { spatial, frequency } = a2mimLoss(prediction, images, pixelMask, visibleGradient, form)
  const loss = fuse('a2mim loss', [spatial, frequency], [frequencyWeight], (s, f, lambda) =>
    s.add(f.mul(lambda)),
  )
  const terms = {
    spatial,
    frequency,
    // Told apart for the ResNet, whose spatial loss has another form by default.
    ...(network.trunk.kind === 'resnet' && {
      error: spatialLoss(prediction, images, pixelMask, 'l1'),
    }),
  }
  return { loss, terms, updates: model.updates }
}
