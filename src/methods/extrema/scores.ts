import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { readAhead } from '../../engine/recording/compileAhead.ts'
import { networkConfig } from './config.ts'
import { maskCosines } from './loss.ts'
import type { ExtremaSettings } from './settings.ts'
import { studentPredictions, teacherTargets } from './step.ts'
import { teacherOf } from '../teacherOf.ts'

/** The masks of images as a tensor of cells, [masks · images, v], mask-major. */
export function maskTensor(masks: readonly (readonly Uint32Array[])[]): tf.Tensor2D {
  const count = masks[0]!.length
  const rows = Array.from({ length: count }, (_, mask) => masks.map((ofImage) => ofImage[mask]!))
  const cells = rows.flat()
  return tf.tensor2d(Float32Array.from(cells.flatMap((row) => [...row])), [
    cells.length,
    cells[0]!.length,
  ])
}

/**
 * How well each mask of an image predicts the whole: the cosine between the student's prediction under it and the
 * teacher's answer to the same image, unmasked.
 * @param masks the visible cells, [image][mask]
 * @returns [image][mask]; null where it is no finite number
 */
export async function predictionScores(
  settings: ExtremaSettings,
  masks: readonly (readonly Uint32Array[])[],
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<(number | null)[][]> {
  const config = networkConfig(settings)
  const teacher = teacherOf(parameters)
  const compare = (): tf.Tensor2D =>
    tf.tidy(() => {
      const view = { images: views, masks: maskTensor(masks) }
      const predictions = studentPredictions(config, view, parameters)
      return maskCosines(predictions, teacherTargets(config, views, teacher))
    })
  const shape = [masks.length, masks[0]!.length, masks[0]![0]!.length]
  const name = `mask scores ${shape.join()} ${JSON.stringify(config)}`
  const values = await readAhead(name, compare)
  return masks.map((ofImage, image) =>
    ofImage.map((_, mask) => {
      const value = values[mask * masks.length + image]!
      return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null
    }),
  )
}
