import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../data/images.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { compileAhead } from '../engine/recording/compileAhead.ts'
import type { Method, Samples } from '../methods/method.ts'
import { paint, samplePainter } from '../methods/painting.ts'
import type { TokensPicture } from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'
import { componentColours } from './componentColours.ts'
import { principalComponents } from './principalComponents.ts'

/** Components that become colours. */
const COLOURS = 3

/**
 * The patch tokens of whole images, as the method's first representation sees them: as unit vectors, because they are
 * compared by their cosines, and as colours by the principal components of those. Null where the network has no tokens,
 * and where they are no finite numbers: then the run itself tells that it has diverged.
 * @param work names the kernels that the pass needs, see `compileAhead`
 */
export async function tokensPicture(
  method: Pick<Method, 'features'>,
  settings: SettingValues,
  samples: Samples,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  work: string,
): Promise<TokensPicture | null> {
  /** The unit vectors of all tokens, where there are any. */
  const look = (): tf.Tensor2D[] =>
    tf.tidy(() => {
      const { tokens } = method.features(settings, views, parameters, { wanted: [] })
      if (tokens === null) return []
      return [l2Normalise(tokens.reshape<tf.Tensor2D>([-1, tokens.shape[2]]))]
    })
  await compileAhead(`tokens ${samples.indices.length} ${work}`, () => tf.dispose(look()))
  const [units] = look()
  if (units === undefined) return null
  const [rows, width] = units.shape
  const tokens = await units.data<'float32'>()
  units.dispose()
  if (!tokens.every(Number.isFinite)) return null
  const { scores, explained } = principalComponents(tokens, width, COLOURS)
  const pictures = samples.indices.map((_, row) => paint(samplePainter(samples, row)))
  const images = new Uint8ClampedArray(pictures.length * pictures[0]!.length)
  pictures.forEach((picture, row) => images.set(picture, row * picture.length))
  return {
    kind: 'tokens',
    samples: samples.indices,
    grid: Math.sqrt(rows / samples.indices.length),
    width,
    tokens,
    colours: componentColours(scores),
    explained: explained as [number, number, number],
    images,
    size: IMAGE_SIZE,
  }
}
