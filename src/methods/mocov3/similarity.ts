import * as tf from '@tensorflow/tfjs'
import { timesTransposed } from '../../engine/ops/matmul.ts'
import { l2Normalise } from '../../engine/ops/normalise.ts'
import { readAhead } from '../../engine/recording/compileAhead.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { Method } from '../method.ts'
import { teacherOf } from '../teacherOf.ts'
import { networkConfig } from './config.ts'
import type { Mocov3Settings } from './settings.ts'
import { studentAnswer, teacherAnswer } from './step.ts'

/**
 * Queries of view 1 against keys of view 2. The student sees whole views in true places here, so that the matrix tells what
 * it knows of images, not what a draw of patches left of them; the norms of the heads take these images for their batch.
 */
export const similarity: NonNullable<Method<Mocov3Settings>['similarity']> = async (
  settings,
  views,
  parameters,
) => ({
  rows: 'Queries of view 1',
  columns: 'Keys of view 2',
  cosines: await cosinesOf(settings, views, parameters),
  temperature: settings.temperature,
  of: [0, 1],
})

/** Cosines [query, key], once their kernels are compiled. */
function cosinesOf(
  settings: Mocov3Settings,
  views: readonly tf.Tensor4D[],
  parameters: ParameterSource,
): Promise<Float32Array> {
  const config = networkConfig(settings)
  const compare = (): tf.Tensor => {
    const [queries] = studentAnswer(config, views, [], parameters).queries
    const [, keys] = teacherAnswer(config, views, teacherOf(parameters)).keys
    return timesTransposed(l2Normalise(queries), l2Normalise(keys), null)
  }
  const name = `similarity ${views[0]!.shape[0]} ${JSON.stringify(config)}`
  return readAhead(name, () => tf.tidy(compare))
}
