import type { Method } from '../method.ts'
import { cosinesOfViews } from '../similarityOf.ts'
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
) => {
  const config = networkConfig(settings)
  return {
    rows: 'Queries of view 1',
    columns: 'Keys of view 2',
    cosines: await cosinesOfViews(config, views[0]!.shape[0], () => [
      studentAnswer(config, views, [], parameters).queries[0],
      teacherAnswer(config, views, teacherOf(parameters)).keys[1],
    ]),
    temperature: settings.temperature,
    of: [0, 1],
  }
}
