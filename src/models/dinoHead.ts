import type * as tf from '@tensorflow/tfjs'
import { gelu } from '../engine/ops/gelu.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { constantParameter, linearParameters, uniformParameter } from './initial.ts'

/** The head of DINO: three layers, then the cosines with a number of prototypes. */
export interface DinoHeadConfig {
  /** Channels of what it is given. */
  readonly width: number
  readonly headWidth: number
  /** Channels of the unit vectors that are compared with the prototypes. */
  readonly bottleneck: number
  readonly prototypes: number
  /** Whether the length of every prototype stays 1; else it is learned, too. */
  readonly unitPrototypes: boolean
  /** The first step that trains the prototypes, counted from 1. */
  readonly prototypesFrom: number
}

const LAST = 'last_layer'
/** Names within the layers count GELUs, too. */
const LAYERS = [0, 2, 4] as const

/**
 * Parameters of the head, by the official names: `mlp.0`, `mlp.2` and `mlp.4`, and of the last layer `weight_v` [K,
 * bottleneck], whose rows point to the prototypes, and `weight_g` [K, 1], their lengths. The official code draws the last
 * layer as torch does by default, all others from a truncated normal.
 */
export function dinoHeadParameters(config: DinoHeadConfig, seed: number): ParameterSpec[] {
  const { width, headWidth, bottleneck, prototypes, unitPrototypes, prototypesFrom } = config
  const sizes = [width, headWidth, headWidth, bottleneck]
  const bound = 1 / Math.sqrt(bottleneck)
  return [
    ...LAYERS.flatMap((at, i) =>
      linearParameters(seed, `mlp.${at}`, [sizes[i + 1]!, sizes[i]!] as const),
    ),
    {
      ...constantParameter(`${LAST}.weight_g`, [prototypes, 1], 1),
      trainedFrom: unitPrototypes ? Infinity : prototypesFrom,
    },
    {
      ...uniformParameter(seed, `${LAST}.weight_v`, [prototypes, bottleneck], true, bound),
      trainedFrom: prototypesFrom,
    },
  ]
}

/**
 * The head: Linear – GELU – Linear – GELU – Linear, a vector of length 1, and its products with the prototypes v / |v| · g,
 * which are cosines where g is 1.
 * @param x [rows, width]
 * @returns [rows, K]
 */
export function dinoHead(x: tf.Tensor2D, parameters: ParameterSource): tf.Tensor2D {
  const layer = (at: number): [weight: tf.Tensor, bias: tf.Tensor] => [
    parameters.get(`mlp.${at}.weight`),
    parameters.get(`mlp.${at}.bias`),
  ]
  const hidden = mlp(x, ...layer(0), ...layer(2))
  const units = l2Normalise(linear(gelu(hidden), ...layer(4)))
  const directions = l2Normalise(parameters.get(`${LAST}.weight_v`))
  const prototypes = directions.mul(parameters.get(`${LAST}.weight_g`))
  return linear(units, prototypes, null) as tf.Tensor2D
}
