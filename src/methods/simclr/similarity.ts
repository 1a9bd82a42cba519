import * as tf from '@tensorflow/tfjs'
import { joined } from '../dilemma/joined.ts'
import type { Method } from '../method.ts'
import { cosinesOfViews } from '../similarityOf.ts'
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
) => {
  const config = networkConfig(settings)
  return {
    rows: 'Projections of view 1',
    columns: 'Projections of view 2',
    cosines: await cosinesOfViews(config, views[0]!.shape[0], () => {
      const { projections } = answer(config, [{ images: joined(views) }], parameters)
      return tf.split(projections, 2) as [tf.Tensor2D, tf.Tensor2D]
    }),
    temperature: settings.temperature,
    of: [0, 1],
  }
}
