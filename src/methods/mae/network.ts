import * as tf from '@tensorflow/tfjs'
import { linear } from '../../engine/ops/linear.ts'
import { scatterTokens } from '../../engine/ops/tokens.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { linearParameters, normalParameter } from '../../models/initial.ts'
import type { ShownCells } from '../../models/placing.ts'
import { prefixed, prefixedSpecs } from '../../models/prefixed.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { gridOf, Vit, vitParameters, type VitConfig } from '../../models/vit.ts'

/** The encoder, a transformer with a class token, and the light decoder that paints from what it is told. */
export interface MaeConfig extends VitConfig {
  readonly decoder: Pick<VitConfig, 'width' | 'depth' | 'heads' | 'mlpWidth'>
}

const DECODER = 'decoder_'
const EMBED = 'decoder_embed'
const PREDICT = 'decoder_pred'
const MASK_TOKEN = 'mask_token'

/**
 * Turns the seed of the encoder's initial values into the decoder's. These are drawn by names without their prefix, so that
 * blocks of one width would begin as copies of the encoder's.
 */
const DECODER_SEED = 0x9e3779b9

/** In place of a cell: nowhere. The decoder does not get the patch. */
export const NOWHERE = -2

/** The decoder as a transformer; of its parts only blocks and norm are used. */
const decoderOf = ({ decoder, ...encoder }: MaeConfig): VitConfig => ({
  ...encoder,
  ...decoder,
  positions: 'sincos',
})

const isDecoders = ({ name }: ParameterSpec): boolean => /^(blocks|norm)\./.test(name)

/** Parameters of the decoder and of the layers around it, by the names of the official code. */
export function decoderParameters(config: MaeConfig, seed: number): ParameterSpec[] {
  const { initialisation, decoder } = config
  const dense = (name: string, shape: readonly [number, number]): ParameterSpec[] =>
    linearParameters(seed, name, shape, initialisation)
  const decoderSeed = (seed ^ DECODER_SEED) >>> 0
  const pixels = 3 * config.patchSize ** 2
  return [
    ...dense(EMBED, [decoder.width, config.width]),
    normalParameter(seed, MASK_TOKEN, [1, 1, decoder.width], false),
    ...prefixedSpecs(vitParameters(decoderOf(config), decoderSeed).filter(isDecoders), DECODER),
    ...dense(PREDICT, [pixels, decoder.width]),
  ]
}

/** MAE's network as pure functions of its parameters (spec section 7.3). */
export class MaeNetwork {
  readonly #config: MaeConfig
  readonly #parameters: ParameterSource
  readonly #encoder: Vit
  readonly #decoder: Vit

  constructor(config: MaeConfig, parameters: ParameterSource) {
    this.#config = config
    this.#parameters = parameters
    this.#encoder = new Vit(config, parameters)
    this.#decoder = new Vit(decoderOf(config), prefixed(parameters, DECODER))
  }

  /**
   * What the encoder makes of the visible patches of images [B, S, S, 3], wherever they claim to lie: the class token and
   * then the patches, after the final norm, [B, 1 + k, D].
   */
  encode(images: tf.Tensor4D, shown: ShownCells): tf.Tensor3D {
    return this.#encoder.encode(this.#encoder.embed(images), { shown })
  }

  /**
   * Every patch of an image as it is painted from what the encoder says.
   * @param latent what `encode` gives
   * @param cells the true cells of its patches, [B, k]; `NOWHERE` where it is not to get one
   * @returns [B, L, 3·P·P], flattened as (channel, row, column)
   */
  decode(latent: tf.Tensor3D, cells: tf.Tensor2D): tf.Tensor3D {
    const patches = gridOf(this.#config) ** 2
    const embedded = linear(latent, ...this.#affine(EMBED)) as tf.Tensor3D
    const token = this.#parameters.get(MASK_TOKEN).flatten()
    const classPlace = tf.zeros<tf.Rank.R2>([cells.shape[0], 1])
    const places = tf.concat([classPlace, cells.add<tf.Tensor2D>(1)], 1)
    const whole = scatterTokens(embedded, places, 1 + patches, token)
    const painted = this.#decoder.norm(this.#decoder.run(whole.add(this.#positions())))
    const ofPatches = painted.slice<tf.Tensor3D>([0, 1, 0], [-1, -1, -1])
    return linear(ofPatches, ...this.#affine(PREDICT)) as tf.Tensor3D
  }

  /** The decoder's fixed positions [1, 1 + L, width], none for the class token. */
  #positions(): tf.Tensor3D {
    const grid = gridOf(this.#config)
    const { width } = this.#config.decoder
    const table = Float32Array.of(...new Float32Array(width), ...sincosPositions(grid, width))
    return tf.tensor3d(table, [1, 1 + grid * grid, width])
  }

  #affine(name: string): [weight: tf.Tensor, bias: tf.Tensor] {
    return [this.#parameters.get(`${name}.weight`), this.#parameters.get(`${name}.bias`)]
  }
}
