import type { ParameterSpec } from '../engine/parameters.ts'
import { constantParameter, heParameter, normParameters } from './initial.ts'

/** Shape of a residual network for small images (He et al., 2016): a 3 × 3 stem at full resolution, then the stages. */
export interface ResNetConfig {
  /**
   * `basic`: two 3 × 3 convolutions. `bottleneck`: 1 × 1, 3 × 3 (which has the stride) and 1 × 1 with four times as many
   * channels at the end.
   */
  readonly block: 'basic' | 'bottleneck'
  /** Channels of the stem, and of the 3 × 3 convolutions of the first stage; each later stage has twice as many. */
  readonly stemWidth: number
  /** Blocks of every stage. The network ends before the first stage that has none. */
  readonly blocks: readonly number[]
}

/** By how much a bottleneck's last convolution widens. */
const EXPANSION = 4

const expansionOf = ({ block }: ResNetConfig): number => (block === 'basic' ? 1 : EXPANSION)

/** Stages of the network. */
export function stages({ blocks }: Pick<ResNetConfig, 'blocks'>): number {
  const end = blocks.indexOf(0)
  return end < 0 ? blocks.length : end
}

/** Channels of the 3 × 3 convolutions of a stage, counted from 0. */
const innerWidth = ({ stemWidth }: ResNetConfig, stage: number): number => stemWidth * 2 ** stage

/**
 * Channels at the input of a stage, counted from 0: of the stem before the first one, and of the network's result where
 * `stage` is their number.
 */
export const stageWidth = (config: ResNetConfig, stage: number): number =>
  stage === 0 ? config.stemWidth : innerWidth(config, stage - 1) * expansionOf(config)

/** Steps that the first block of a stage takes between positions: 1, 2, 2, 2 … */
export const stageStride = (stage: number): number => (stage === 0 ? 1 : 2)

/** Pixels of a side to one cell at the input of a stage; of the result where `stage` is the number of stages. */
export const strideBefore = (_: ResNetConfig, stage: number): number => 2 ** Math.max(0, stage - 1)

/** Pixels of a side to one cell of the result. */
export const totalStride = (config: ResNetConfig): number => strideBefore(config, stages(config))

/** A convolution without bias and the norm behind it. */
export interface ConvolutionPart {
  /** Names of the convolution and the norm, to which `.weight` and so on are added. */
  readonly convolution: string
  readonly norm: string
  readonly inputs: number
  readonly outputs: number
  /** Side of the filters, 1 or 3; zeros around keep the resolution. */
  readonly kernel: number
  readonly stride: number
}

/** A residual block. */
export interface ResNetBlock {
  readonly stage: number
  /** One after the other; ReLU follows each, after the sum where it is the last. */
  readonly main: readonly ConvolutionPart[]
  /** Brings the input into the shape of the result; null where it has it. */
  readonly downsample: ConvolutionPart | null
}

/** What comes before the stages. */
export const stemOf = ({ stemWidth }: ResNetConfig): ConvolutionPart => ({
  convolution: 'conv1',
  norm: 'bn1',
  inputs: 3,
  outputs: stemWidth,
  kernel: 3,
  stride: 1,
})

/** All blocks in order, named as in torchvision. */
export const blocksOf = (config: ResNetConfig): ResNetBlock[] =>
  config.blocks
    .slice(0, stages(config))
    .flatMap((count, stage) =>
      Array.from({ length: count }, (_, index) => blockOf(config, stage, index)),
    )

function blockOf(config: ResNetConfig, stage: number, index: number): ResNetBlock {
  const name = `layer${stage + 1}.${index}`
  const outputs = stageWidth(config, stage + 1)
  const inputs = index === 0 ? stageWidth(config, stage) : outputs
  const stride = index === 0 ? stageStride(stage) : 1
  const inner = innerWidth(config, stage)
  const part = (number: number, sizes: [inputs: number, outputs: number, kernel: number]) => ({
    convolution: `${name}.conv${number}`,
    norm: `${name}.bn${number}`,
    inputs: sizes[0],
    outputs: sizes[1],
    kernel: sizes[2],
    stride: 1,
  })
  const main =
    config.block === 'basic'
      ? [{ ...part(1, [inputs, inner, 3]), stride }, part(2, [inner, outputs, 3])]
      : [
          part(1, [inputs, inner, 1]),
          { ...part(2, [inner, inner, 3]), stride },
          part(3, [inner, outputs, 1]),
        ]
  const downsample =
    stride === 1 && inputs === outputs
      ? null
      : {
          convolution: `${name}.downsample.0`,
          norm: `${name}.downsample.1`,
          ...{ inputs, outputs, kernel: 1, stride },
        }
  return { stage, main, downsample }
}

/** The names of a norm's running statistics, which no optimiser trains. */
export const runningNames = (
  norm: string,
): { readonly mean: string; readonly variance: string } => ({
  mean: `${norm}.running_mean`,
  variance: `${norm}.running_var`,
})

/** All parameters and running statistics, named and drawn as in torchvision, so that they load in PyTorch. */
export function resnetParameters(config: ResNetConfig, seed: number): ParameterSpec[] {
  const parts = [
    stemOf(config),
    ...blocksOf(config).flatMap(({ main, downsample }) => [
      ...main,
      ...(downsample === null ? [] : [downsample]),
    ]),
  ]
  return parts.flatMap(({ convolution, norm, inputs, outputs, kernel }) => {
    const { mean, variance } = runningNames(norm)
    return [
      heParameter(seed, `${convolution}.weight`, [outputs, inputs, kernel, kernel]),
      ...normParameters(norm, outputs),
      { ...constantParameter(mean, [outputs], 0), trainedFrom: Infinity },
      { ...constantParameter(variance, [outputs], 1), trainedFrom: Infinity },
    ]
  })
}

/**
 * The layer of a parameter, counted as layer-wise learning rate decay does: 0 for the stem, i + 1 for block i of all blocks.
 * Null for what is no part of the network.
 */
export function resnetLayerOf(
  name: string,
  { blocks }: Pick<ResNetConfig, 'blocks'>,
): number | null {
  if (/^(conv1|bn1)\./.test(name)) return 0
  const block = /^layer(\d+)\.(\d+)\./.exec(name)
  if (block === null) return null
  const before = blocks.slice(0, Number(block[1]) - 1).reduce((sum, count) => sum + count, 0)
  return before + Number(block[2]) + 1
}

/** The last layer of `resnetLayerOf`. */
export const lastResnetLayer = (config: ResNetConfig): number => blocksOf(config).length
