import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { PatchScale } from '../../patchScale.ts'
import { patchTargets } from '../../patchTargets.ts'
import { lossForm, networkConfig } from '../config.ts'
import { tokenLosses } from '../loss.ts'
import { RandsacNetwork } from '../network.ts'
import { gridOf } from '../segments/plan.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import type { RandsacSettings } from '../settings.ts'
import { rankTensor } from './sampleOrders.ts'

/** Names the network of some settings with everything that its kernels depend on, but for the number of images. */
export const networkName = (settings: RandsacSettings): string =>
  JSON.stringify(networkConfig(settings))

/**
 * Every patch of some images as predicted from the true pixels of all earlier segments, in one pass.
 * @param views [B, S, S, 3], in normalised values
 * @returns [B, cells, 3P²], as the network is trained to; what stands for rank 0 is of no meaning
 */
export function predictPatches(
  settings: RandsacSettings,
  views: tf.Tensor4D,
  orders: readonly Serialisation[],
  parameters: ParameterSource,
): Promise<Float32Array> {
  const config = networkConfig(settings)
  const predict = (): tf.Tensor3D =>
    tf.tidy(() => new RandsacNetwork(config, parameters).predict(views, rankTensor(orders)))
  return readAhead(`predictions ${orders.length} ${networkName(settings)}`, predict)
}

/** What turns predictions of an image [S, S, 3] into pixels. */
export const scaleOf = (settings: RandsacSettings, image: Float32Array): PatchScale =>
  new PatchScale(image, gridOf(settings), settings.target === 'normalised')

/**
 * The loss of every cell of one image, as in training.
 * @param view [1, S, S, 3], in normalised values
 * @param patches its predictions, [cells, 3P²]
 * @returns [cells]; NaN for rank 0, which is not predicted
 */
export async function cellLosses(
  settings: RandsacSettings,
  view: tf.Tensor4D,
  { ranks }: Serialisation,
  patches: Float32Array,
): Promise<Float32Array> {
  const { patchSize } = networkConfig(settings)
  const compare = (): tf.Tensor2D =>
    tf.tidy(() => {
      const predictions = tf.tensor3d(patches, [1, ranks.length, patches.length / ranks.length])
      return tokenLosses(predictions, patchTargets(view, patchSize, lossForm(settings)))
    })
  const values = await readAhead(`losses of patches ${patchSize} ${settings.target}`, compare)
  return values.map((loss, cell) => (ranks[cell] === 0 ? NaN : loss))
}
