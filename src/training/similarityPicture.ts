import * as tf from '@tensorflow/tfjs'
import type { DeviceImages } from '../data/deviceImages.ts'
import { drawViews } from '../data/drawViews.ts'
import type { Normalisation } from '../data/viewBatch.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import type { Method } from '../methods/method.ts'
import type { SimilarityPicture } from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'

/**
 * Views of some images as a training step would draw them, compared each with each; null where the method compares none, there
 * are no images, or what comes out are no finite numbers: then the run itself tells that it has diverged.
 * @param samples data-set indices; the views of one depend on its place among them and on the seed
 * @param seed draws the same views again
 */
export async function similarityPicture(
  method: Pick<Method, 'views' | 'normalisation' | 'similarity'>,
  settings: SettingValues,
  images: DeviceImages,
  samples: readonly number[],
  seed: number,
  parameters: ParameterSource,
): Promise<SimilarityPicture | null> {
  if (samples.length === 0 || !method.similarity) return null
  const rules = method.views(settings)
  const drawn = drawViews(rules, { seed, step: 0 }, samples.length)
  const views = rules.map((rule, view) => {
    const batch = images.batch(samples.length, method.normalisation, rule)
    batch.choose(samples, drawn[view]!)
    const cut = batch.encode()
    batch.dispose()
    return cut
  })
  try {
    const { of, ...compared } = await method.similarity(settings, views, parameters)
    if (!compared.cosines.every(Number.isFinite)) return null
    const shown = of.map((view) => views[view]!)
    const values = await Promise.all(shown.map((view) => view.data<'float32'>()))
    return {
      kind: 'similarity',
      samples,
      ...compared,
      views: paintViews(values, method.normalisation),
      size: shown[0]!.shape[1],
    }
  } finally {
    tf.dispose(views)
  }
}

/** RGBA bytes of the views one after the other, from normalised values [..., 3]. */
function paintViews(
  views: readonly Float32Array[],
  { mean, deviation }: Normalisation,
): Uint8ClampedArray {
  const painted = views.map((values) => {
    const pixels = new Uint8ClampedArray((values.length / 3) * 4).fill(255)
    for (let at = 0; at < values.length; at++) {
      const channel = at % 3
      const value = values[at]! * deviation[channel]! + mean[channel]!
      pixels[Math.floor(at / 3) * 4 + channel] = 255 * value
    }
    return pixels
  })
  const joined = new Uint8ClampedArray(painted.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const pixels of painted) {
    joined.set(pixels, at)
    at += pixels.length
  }
  return joined
}
