import * as tf from '@tensorflow/tfjs'
import { timesTransposed } from '../../engine/ops/matmul.ts'
import { l2Normalise } from '../../engine/ops/normalise.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { readAhead } from '../../engine/recording/compileAhead.ts'
import type { Method } from '../method.ts'
import { networkConfig } from './config.ts'
import type { SimclrSettings } from './settings.ts'
import { answer } from './step.ts'

/**
 * Projections of view 1 against those of view 2, of whole views in true places, so that the matrix tells what the network
 * knows of images, not what a draw of patches left of them; the norms of the projector take these images for their batch.
 */
export const similarity: NonNullable<Method<SimclrSettings>['similarity']> = async (
  settings,
  views,
  parameters,
) => ({
  rows: 'Projections of view 1',
  columns: 'Projections of view 2',
  cosines: await cosinesOf(settings, views, parameters),
  temperature: settings.temperature,
  of: [0, 1],
})

/** Cosines [row, column], once their kernels are compiled. */
function cosinesOf(
  settings: SimclrSettings,
  views: readonly tf.Tensor4D[],
  parameters: ParameterSource,
): Promise<Float32Array> {
  const config = networkConfig(settings)
  const compare = (): tf.Tensor => {
    const passes = [{ images: tf.concat([...views]) }]
    const units = l2Normalise(answer(config, passes, parameters).projections)
    const [rows, columns] = tf.split(units, 2) as [tf.Tensor2D, tf.Tensor2D]
    return timesTransposed(rows, columns, null)
  }
  const name = `similarity ${views[0]!.shape[0]} ${JSON.stringify(config)}`
  return readAhead(name, () => tf.tidy(compare))
}
