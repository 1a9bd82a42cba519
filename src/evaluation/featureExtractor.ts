import type * as tf from '@tensorflow/tfjs'
import type { DeviceImages } from '../data/deviceImages.ts'
import type { Engine } from '../engine/engine.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import type { FeatureRequest, Method } from '../methods/method.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { FeatureBank } from './featureBank.ts'
import { ImagePass, type BatchShown } from './imagePass.ts'

/** How images are shown to the network; whole and in order when nothing is said. */
export interface Showing extends BatchShown {
  /** See `FeatureRequest.kept`. */
  readonly kept?: Float32Array
  /** See `FeatureRequest.positions`. */
  readonly positions?: Float32Array | 'removed'
}

/** What the extractor works on. */
export interface ExtractorParts {
  readonly engine: Engine
  readonly method: Pick<Method, 'normalisation' | 'features'>
  readonly settings: SettingValues
  readonly parameters: ParameterSource
  /** Ids of representations. */
  readonly wanted: readonly string[]
  /** Also gives the similarity of the patch tokens, where the network has tokens: one column more, of width 1. */
  readonly tokenSimilarity?: boolean
  /** Shapes and kinds of what `showing` will say; the values may change from batch to batch. */
  readonly showing?: Pick<Showing, 'kept' | 'positions'>
}

/** The forward pass from images to features. */
export class FeatureExtractor {
  readonly #pass: ImagePass

  constructor(parts: ExtractorParts) {
    const { engine, method, settings, showing = {} } = parts
    this.#pass = new ImagePass({
      engine,
      normalisation: method.normalisation,
      inputs: inputsOf(showing),
      dispatchesPerSubmit: (settings as CommonSettings).dispatchesPerSubmit,
      forward: (views, inputs) => columnsOf(parts, views, inputs),
    })
  }

  /** Widths of the columns: of the wanted representations, then 1 for the similarity of tokens. */
  widths(): Promise<readonly number[]> {
    return this.#pass.widths()
  }

  /** Features of up to `FEATURE_BATCH` images; see `ImagePass.batch`. */
  batch(
    images: DeviceImages,
    indices: readonly number[],
    into: readonly FeatureBank[],
    row: number,
    showing: Showing = {},
  ): Promise<void> {
    return this.#pass.batch(images, indices, into, row, inputsOf(showing), showing)
  }

  /** Frees buffers and recording. */
  dispose(): void {
    this.#pass.dispose()
  }
}

const inputsOf = ({ kept, positions }: Pick<Showing, 'kept' | 'positions'>) => ({
  ...(kept && { kept: { shape: [kept.length], data: kept } }),
  ...(positions instanceof Float32Array && {
    order: { shape: [positions.length], data: positions },
  }),
})

function columnsOf(
  { method, settings, parameters, wanted, tokenSimilarity, showing }: ExtractorParts,
  views: tf.Tensor4D,
  { kept, order }: Readonly<Record<string, tf.Tensor>>,
): readonly tf.Tensor2D[] {
  const request: FeatureRequest = {
    wanted,
    ...(kept && { kept: kept as tf.Tensor1D }),
    ...(order && { positions: order as tf.Tensor1D }),
    ...(showing?.positions === 'removed' && { positions: 'removed' }),
  }
  const { features, tokens } = method.features(settings, views, parameters, request)
  return tokenSimilarity && tokens ? [...features, similarityOf(tokens)] : features
}

/** Mean cosine between different tokens of an image, [B, N, D] to [B, 1]: (|Σ u|² − N) / (N (N − 1)), u unit vectors. */
function similarityOf(tokens: tf.Tensor3D): tf.Tensor2D {
  const count = tokens.shape[1]
  const sum = l2Normalise(tokens).sum<tf.Tensor2D>(1)
  const pairs = Math.max(count * (count - 1), 1)
  return sum.square().sum<tf.Tensor2D>(1, true).sub(count).div(pairs)
}
