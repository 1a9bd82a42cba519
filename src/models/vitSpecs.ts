import type { ParameterSpec } from '../engine/parameters.ts'
import {
  constantParameter,
  linearParameters,
  normalParameter,
  normParameters,
  uniformParameter,
  xavierParameter,
  type Initialisation,
} from './initial.ts'
import { relativeTableSize } from './relativeTable.ts'

/** Shape of a pre-norm vision transformer. */
export interface VitConfig {
  readonly imageSize: number
  readonly patchSize: number
  /** Channels of a token. */
  readonly width: number
  readonly depth: number
  readonly heads: number
  /** Hidden channels of the MLP. */
  readonly mlpWidth: number
  readonly layerNormEpsilon: number
  /** Whether a norm follows the last block; else the features are its raw residual stream. */
  readonly finalNorm: boolean
  /** Whether a class token goes through the blocks, before the patch tokens. */
  readonly classToken: boolean
  /**
   * The position table: learned, with a row for a class token (`learned`) or for the patches alone (`learnedPatches`); or
   * fixed sines and cosines (see `sincosPositions`), of which a class token has none.
   */
  readonly positions: 'learned' | 'learnedPatches' | 'sincos'
  /** Relative position bias in every layer, for a transformer with a class token; then the keys have no bias (BEiT). */
  readonly relativePositions: boolean
  /** Initial LayerScale; 0 = none. */
  readonly layerScale: number
  readonly initialisation: Initialisation
}

/** Patches a side. */
export const gridOf = ({ imageSize, patchSize }: VitConfig): number => imageSize / patchSize

/** Tokens of an image: its patches, and the class token where there is one. */
export const tokensOf = (config: VitConfig): number =>
  gridOf(config) ** 2 + Number(config.classToken)

/** Rows of a learned position table. */
const tableRowsOf = (config: VitConfig): number =>
  config.positions === 'learnedPatches' ? gridOf(config) ** 2 : tokensOf(config)

/** All parameters of the transformer, named as in timm (weights [out, in]) so that they load in PyTorch. */
export function vitParameters(config: VitConfig, seed: number): ParameterSpec[] {
  const { width, depth, classToken, positions, finalNorm } = config
  return [
    ...(classToken ? [normalParameter(seed, 'cls_token', [1, 1, width], false)] : []),
    ...(positions === 'sincos'
      ? []
      : [normalParameter(seed, 'pos_embed', [1, tableRowsOf(config), width], false)]),
    ...patchParameters(config, seed, 'patch_embed.proj'),
    ...Array.from({ length: depth }, (_, i) => blockParameters(config, seed, `blocks.${i}`)).flat(),
    ...(finalNorm ? normParameters('norm', width) : []),
  ]
}

/** The patch embedding, a convolution. With Xavier's weights its bias is drawn, as is the rule for convolutions in torch. */
function patchParameters(
  { width, patchSize, initialisation }: VitConfig,
  seed: number,
  name: string,
): ParameterSpec[] {
  const shape = [width, 3, patchSize, patchSize] as const
  if (initialisation === 'truncatedNormal') return linearParameters(seed, name, shape)
  const bound = 1 / Math.sqrt(3 * patchSize * patchSize)
  return [
    xavierParameter(seed, `${name}.weight`, shape),
    uniformParameter(seed, `${name}.bias`, [width], false, bound),
  ]
}

function blockParameters(config: VitConfig, seed: number, name: string): ParameterSpec[] {
  const { width, mlpWidth, heads, layerScale, relativePositions, initialisation } = config
  const dense = (part: string, shape: readonly [number, number]): ParameterSpec[] =>
    linearParameters(seed, `${name}.${part}`, shape, initialisation)
  const [qkvWeight, qkvBias] = dense('attn.qkv', [3 * width, width])
  const qkv = relativePositions
    ? [
        qkvWeight!,
        constantParameter(`${name}.attn.q_bias`, [width], 0),
        constantParameter(`${name}.attn.v_bias`, [width], 0),
        normalParameter(
          seed,
          `${name}.attn.relative_position_bias_table`,
          [relativeTableSize(gridOf(config)), heads],
          false,
        ),
      ]
    : [qkvWeight!, qkvBias!]
  const scale = (branch: string): ParameterSpec[] =>
    layerScale > 0 ? [constantParameter(`${name}.${branch}.gamma`, [width], layerScale)] : []
  return [
    ...normParameters(`${name}.norm1`, width),
    ...qkv,
    ...dense('attn.proj', [width, width]),
    ...scale('ls1'),
    ...normParameters(`${name}.norm2`, width),
    ...dense('mlp.fc1', [mlpWidth, width]),
    ...dense('mlp.fc2', [width, mlpWidth]),
    ...scale('ls2'),
  ]
}

/**
 * The layer of a parameter, counted as layer-wise learning rate decay does: 0 for patch embedding, positions and class
 * token, i + 1 for block i, depth + 1 for the final norm. Null for what is no part of the transformer.
 */
export function vitLayerOf(name: string, { depth }: Pick<VitConfig, 'depth'>): number | null {
  const block = /^blocks\.(\d+)\./.exec(name)
  if (block) return Number(block[1]) + 1
  if (name.startsWith('norm.')) return depth + 1
  return /^(cls_token|pos_embed|patch_embed\..*)$/.test(name) ? 0 : null
}
