import type * as tf from '@tensorflow/tfjs'
import { gatherTokens } from '../../engine/ops/tokens.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import {
  ClassAttention,
  classAttentionParameters,
  type ClassAttentionConfig,
  type ClassAttentionOptions,
} from '../../models/classAttention.ts'
import { normHead, normHeadParameters } from '../../models/normHead.ts'
import { prefixed, prefixedSpecs } from '../../models/prefixed.ts'
import {
  Vit,
  vitLayerOf,
  vitParameters,
  type VitConfig,
  type VitOptions,
} from '../../models/vit.ts'

/** The encoder, a trunk without class token and the blocks in which one reads it, and the heads behind it. */
export interface ExtremaConfig extends VitConfig, ClassAttentionConfig {
  readonly projectorWidth: number
  readonly projectionSize: number
  readonly predictorWidth: number
}

/** What the names of the encoder and its projector begin with: the part that the teacher has, too. */
export const ENCODER = 'base_encoder.'
const PROJECTOR = 'head'
const PREDICTOR = 'predictor'

/** Parameters of encoder, projector and predictor, by the names of the official code. */
export function networkParameters(config: ExtremaConfig, seed: number): ParameterSpec[] {
  const { width, projectorWidth, projectionSize, predictorWidth } = config
  const projector = [width, projectorWidth, projectorWidth, projectionSize]
  const encoder = [
    ...vitParameters(config, seed),
    ...classAttentionParameters(config, seed),
    ...normHeadParameters(PROJECTOR, projector, seed),
  ]
  const predictor = [projectionSize, predictorWidth, projectionSize]
  return [...prefixedSpecs(encoder, ENCODER), ...normHeadParameters(PREDICTOR, predictor, seed)]
}

/**
 * The layer of a parameter for layer-wise learning rate decay, as the official fine-tuning counts: 0 for embedding and
 * class token, i for block i of the trunk, and `depth + 1` for all behind it. Null for projector and predictor.
 */
export function networkLayerOf(name: string, config: Pick<VitConfig, 'depth'>): number | null {
  if (!name.startsWith(ENCODER)) return null
  const part = name.slice(ENCODER.length)
  return part.startsWith('blocks_token.') ? config.depth + 1 : vitLayerOf(part, config)
}

/** What may be done differently in one pass of the trunk. */
export interface TrunkOptions extends Omit<VitOptions, 'beforeBlock'> {
  /**
   * The visible cells of every row, [rows, v], whole numbers; all when absent. The rows are a multiple of the images, as
   * masks of a batch are: mask-major.
   */
  readonly masks?: tf.Tensor2D | undefined
  /** Receives the patch embeddings with their positions, [B, L, D], before any of them is left out. */
  readonly onPlaced?: (tokens: tf.Tensor3D) => void
}

/** One of ExtreMA’s two networks as pure functions of its parameters (spec section 2). */
export class ExtremaNetwork {
  readonly #trunk: Vit
  readonly #classAttention: ClassAttention
  readonly #encoder: ParameterSource
  readonly #parameters: ParameterSource

  /** @param parameters those of the student, or those of the teacher, which has no predictor */
  constructor(config: ExtremaConfig, parameters: ParameterSource) {
    this.#parameters = parameters
    this.#encoder = prefixed(parameters, ENCODER)
    this.#trunk = new Vit(config, this.#encoder)
    this.#classAttention = new ClassAttention(config, this.#encoder)
  }

  /** The distributed representation: images [B, S, S, 3] to the trunk’s tokens [rows, n, D], without norm. */
  tokens(images: tf.Tensor4D, { masks, onPlaced, ...options }: TrunkOptions = {}): tf.Tensor3D {
    const placed = this.#trunk.place(this.#trunk.embed(images), options)
    onPlaced?.(placed)
    return this.#trunk.run(masks === undefined ? placed : gatherTokens(placed, masks), options)
  }

  /** The class token after it has read the trunk’s tokens [rows, n, D], before the final norm: [rows, D]. */
  read(tokens: tf.Tensor3D, options: ClassAttentionOptions = {}): tf.Tensor2D {
    return this.#classAttention.read(tokens, options)
  }

  /** The instance representation [rows, D]: the final norm of what the class token has read. */
  norm(read: tf.Tensor2D): tf.Tensor2D {
    return this.#trunk.norm(read)
  }

  /** The projector: instance [rows, D] to [rows, projectionSize]. */
  project(instance: tf.Tensor2D): tf.Tensor2D {
    return normHead(instance, PROJECTOR, this.#encoder)
  }

  /** The student’s predictor: [rows, projectionSize] to the same. */
  predict(projection: tf.Tensor2D): tf.Tensor2D {
    return normHead(projection, PREDICTOR, this.#parameters)
  }
}
