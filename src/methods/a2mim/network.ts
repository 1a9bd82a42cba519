import type * as tf from '@tensorflow/tfjs'
import { linear } from '../../engine/ops/linear.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { linearParameters } from '../../models/initial.ts'
import { unpatchify } from '../../models/patches.ts'
import type { BatchStatistics } from '../../models/resnet.ts'
import { vitParameters } from '../../models/vit.ts'
import { enterToken, tokenParameters, type TokenConfig } from './maskToken.ts'
import {
  resnetShape,
  ResnetTrunk,
  resnetTrunkParameters,
  type ResnetTrunkConfig,
} from './resnetTrunk.ts'
import type { Trunk, TrunkOptions, TrunkShape } from './trunk.ts'
import { vitShape, VitTrunk, type VitTrunkConfig } from './vitTrunk.ts'

/** The trunk, and the mask token that enters it. */
export interface A2mimConfig {
  readonly trunk: VitTrunkConfig | ResnetTrunkConfig
  readonly token: TokenConfig
}

/** Sizes of the trunk. */
export const trunkShape = ({ trunk }: A2mimConfig): TrunkShape =>
  trunk.kind === 'vit' ? vitShape(trunk) : resnetShape(trunk)

/** Parameters of trunk, mask token and decoder. */
export function networkParameters(config: A2mimConfig, seed: number): ParameterSpec[] {
  const { trunk, token } = config
  const { tokenWidth, stride, width } = trunkShape(config)
  return [
    ...(trunk.kind === 'vit' ? vitParameters(trunk, seed) : resnetTrunkParameters(trunk, seed)),
    ...tokenParameters(token, tokenWidth, seed),
    ...linearParameters(seed, 'decoder', [3 * stride * stride, width, 1, 1]),
  ]
}

/** What a forward pass may hand out on its way. */
export interface Taps {
  /** Features right before and after the mask token enters, [B, T, C]: cells, with the class token first from a ViT's layer 1 on. */
  readonly beforeToken?: (features: tf.Tensor3D) => void
  readonly masked?: (features: tf.Tensor3D) => void
  /** Features [B, cells, C] of the trunk. */
  readonly features?: (features: tf.Tensor3D) => void
  /** The rebuilt images [B, S, S, 3]. */
  readonly prediction?: (images: tf.Tensor4D) => void
}

/** A²MIM's network: trunk, mask token, 1×1 decoder with pixel shuffle. */
export class A2mimNetwork {
  readonly #config: A2mimConfig
  readonly #parameters: ParameterSource
  readonly #trunk: Trunk

  /** @param statistics those of batch norm, where there is one; the kept ones when absent */
  constructor(
    config: A2mimConfig,
    parameters: ParameterSource,
    statistics: BatchStatistics = { kind: 'kept' },
  ) {
    const { trunk } = config
    this.#config = config
    this.#parameters = parameters
    this.#trunk =
      trunk.kind === 'vit'
        ? new VitTrunk(trunk, parameters)
        : new ResnetTrunk(trunk, parameters, statistics)
  }

  /** New values of running statistics after `predict` or `encode` with those of the batch, by the names of their parameters. */
  get updates(): Readonly<Record<string, tf.Tensor>> {
    return this.#trunk.updates
  }

  /**
   * Rebuilds images from their visible part.
   * @param filled images whose hidden pixels are filled, [B, S, S, 3]
   * @param mask [B, cells at the token's place], 1 = hidden
   * @returns prediction [B, S, S, 3]
   */
  predict(
    filled: tf.Tensor4D,
    mask: tf.Tensor2D,
    options: Omit<TrunkOptions, 'enter'> = {},
    taps: Taps = {},
  ): tf.Tensor4D {
    const features = this.encodeMasked(filled, mask, options, taps)
    taps.features?.(features)
    const prediction = unpatchify(this.#decode(features), trunkShape(this.#config).stride)
    taps.prediction?.(prediction)
    return prediction
  }

  /** Features [B, cells, C] of images whose hidden pixels are filled: `predict` without the decoder. */
  encodeMasked(
    filled: tf.Tensor4D,
    mask: tf.Tensor2D,
    options: Omit<TrunkOptions, 'enter'> = {},
    taps: Taps = {},
  ): tf.Tensor3D {
    const column = mask.expandDims<tf.Tensor3D>(2)
    return this.#trunk.run(filled, {
      ...options,
      enter: (z, others) => {
        taps.beforeToken?.(z)
        const hidden = others === 0 ? column : withVisible(others, column)
        const entered = enterToken(z, hidden, this.#config.token, this.#parameters, others)
        taps.masked?.(entered)
        return entered
      },
    })
  }

  /** Features [B, cells, C] of unmasked images, without mask token. */
  encode(images: tf.Tensor4D, options: Omit<TrunkOptions, 'enter'> = {}): tf.Tensor3D {
    return this.#trunk.run(images, options)
  }

  /** The 1×1 convolution: [B, cells, C] to [B, cells, 3·r·r] for a cell of r × r pixels. */
  #decode(features: tf.Tensor3D): tf.Tensor3D {
    const weight = this.#parameters.get('decoder.weight')
    const matrix = weight.reshape(weight.shape.slice(0, 2))
    return linear(features, matrix, this.#parameters.get('decoder.bias')) as tf.Tensor3D
  }
}

/** Mask [B, N, 1] of the cells to one [B, others + N, 1] of all tokens; those that are no cells are never hidden. */
const withVisible = (others: number, mask: tf.Tensor3D): tf.Tensor3D =>
  mask.pad([
    [0, 0],
    [others, 0],
    [0, 0],
  ])
