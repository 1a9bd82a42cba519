import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import {
  resnetParameters,
  ResNet,
  stages,
  stageWidth,
  strideBefore,
  totalStride,
  type BatchStatistics,
  type ResNetConfig,
} from '../../models/resnet.ts'
import { blocksOf } from '../../models/resnetSpecs.ts'
import type { Trunk, TrunkOptions, TrunkShape } from './trunk.ts'

/** A residual network, and where the mask token enters it. */
export interface ResnetTrunkConfig extends ResNetConfig {
  readonly kind: 'resnet'
  /** At the input of which stage, counted from 0: 0 is after the stem. */
  readonly tokenStage: number
}

/**
 * Sizes of a ResNet as a trunk. The token has the channels of its stage's input: those of the stem for the first two stages
 * of basic blocks, where the official table has those of the stages' outputs (spec section 3).
 */
export const resnetShape = (config: ResnetTrunkConfig): TrunkShape => ({
  tokenStride: strideBefore(config, config.tokenStage),
  tokenWidth: stageWidth(config, config.tokenStage),
  stride: totalStride(config),
  width: stageWidth(config, stages(config)),
})

/** Parameters of a ResNet whose last norm of every block begins with weight 0, as in the official code. */
export function resnetTrunkParameters(config: ResnetTrunkConfig, seed: number): ParameterSpec[] {
  const silent = new Set(blocksOf(config).map(({ main }) => `${main.at(-1)!.norm}.weight`))
  return resnetParameters(config, seed).map((spec) =>
    silent.has(spec.name)
      ? { ...spec, initial: () => new Float32Array(spec.initial().length) }
      : spec,
  )
}

/** A ResNet as a trunk. */
export class ResnetTrunk implements Trunk {
  readonly #config: ResnetTrunkConfig
  readonly #resnet: ResNet

  constructor(config: ResnetTrunkConfig, parameters: ParameterSource, statistics: BatchStatistics) {
    this.#config = config
    this.#resnet = new ResNet(config, parameters, statistics)
  }

  get updates(): Readonly<Record<string, tf.Tensor>> {
    return this.#resnet.updates
  }

  run(images: tf.Tensor4D, { enter, through = same }: TrunkOptions = {}): tf.Tensor3D {
    const result = this.#resnet.run(images, {
      beforeStage: (map, stage) => {
        const passed = through(map, stage)
        if (enter === undefined || stage !== this.#config.tokenStage) return passed
        return enter(cellsOf(passed), 0).reshape(passed.shape)
      },
    })
    return cellsOf(through(result, stages(this.#config)))
  }
}

const same = (map: tf.Tensor4D): tf.Tensor4D => map

/** A map [B, h, w, C] as a list of cells [B, h·w, C]. */
const cellsOf = (map: tf.Tensor4D): tf.Tensor3D => {
  const [batch, height, width, channels] = map.shape
  return map.reshape([batch, height * width, channels])
}
