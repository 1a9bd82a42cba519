import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import { CIFAR_STATISTICS } from '../../../data/statistics.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { randomAt, Stream } from '../../../engine/random.ts'
import type { CausalityCheck, OrderPicture, OrderWish } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { networkPainter, paint, pixelwise, samplePainter } from '../../painting.ts'
import { networkConfig } from '../config.ts'
import { RandsacNetwork } from '../network.ts'
import { segmentPlanOf } from '../segments/plan.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import type { RandsacSettings } from '../settings.ts'
import { checkCausality, noiseImage } from './causality.ts'
import { distancesOf } from './contextDistances.ts'
import { cellLosses, networkName, predictPatches, scaleOf } from './predictions.ts'
import { rollOut } from './rollOut.ts'
import { rulesOf } from './rules.ts'
import { sampleOrders } from './sampleOrders.ts'

/** Segments up to which an image is rolled out: each waits for the one before, so that many hold training up for long. */
const MOST_ROLLED_OUT = 64

/** What belongs to one prediction of an image. */
type Shown = NonNullable<OrderPicture['rolledOut']>

/** How one image is predicted segment by segment (spec section 11, views 1 to 3, 5 and 7, and section 12.5). */
export async function orderPicture(
  settings: RandsacSettings,
  sample: Samples,
  maskSeed: number,
  view: tf.Tensor4D,
  parameters: ParameterSource,
  wish: OrderWish,
): Promise<OrderPicture> {
  const order = sampleOrders(settings, sample, maskSeed)[0]!
  const plan = segmentPlanOf(settings)
  const image = await view.data<'float32'>()
  const scale = scaleOf(settings, image)
  const side = Number(settings.patchSize)

  const predict = (images: tf.Tensor4D): Promise<Float32Array> =>
    predictPatches(settings, images, [order], parameters)
  const shown = async (patches: Float32Array): Promise<Shown> => ({
    pixels: paintPredicted(scale.imageOf(patches), order, side),
    losses: await cellLosses(settings, view, order, patches),
  })
  const rolled = async (): Promise<Shown> => {
    const patches = await rollOut(image, order, scale, async (known) => {
      const images = tf.tensor4d(known, view.shape)
      try {
        return await predict(images)
      } finally {
        images.dispose()
      }
    })
    return shown(patches)
  }
  const checked = (): Promise<CausalityCheck> => {
    const random = randomAt(settings.seed, Stream.disturbance, maskSeed, sample.indices[0])
    const noise = noiseImage(random, IMAGE_SIZE ** 2, CIFAR_STATISTICS)
    const network = new RandsacNetwork(networkConfig(settings), parameters)
    return checkCausality(view, order, noise, networkName(settings), (images, ranks) =>
      network.predict(images, ranks),
    )
  }

  const teacherForced = await shown(await predict(view))
  const tooLong = order.segments > MOST_ROLLED_OUT
  return {
    kind: 'order',
    sample: sample.indices[0]!,
    grid: plan.grid,
    segments: order.segments,
    ranks: order.ranks,
    ...(order.partitions && { partitions: order.partitions }),
    image: paint(samplePainter(sample, 0)),
    size: IMAGE_SIZE,
    predicted: teacherForced.pixels,
    losses: teacherForced.losses,
    rolledOut: wish.rollOut && !tooLong ? await rolled() : null,
    ...(wish.rollOut && tooLong && { withheld: tooManySegments(order.segments) }),
    note: settings.target === 'normalised' ? NORMALISED : null,
    rules: rulesOf(settings.maskMistake, order.ranks),
    distances: distancesOf(plan),
    causality: wish.causality ? await checked() : null,
  }
}

const NORMALISED =
  'The network predicts normalised patches. To show them, each is given the mean and the standard deviation of the true patch.'

const tooManySegments = (segments: number): string =>
  `An image is rolled out up to ${MOST_ROLLED_OUT} segments: each takes a pass of its own, after the one before. This one has ${segments}.`

/** A predicted image [S, S, 3]; cells of rank 0 are transparent. RGBA bytes. */
function paintPredicted(
  image: Float32Array,
  { ranks }: Serialisation,
  side: number,
): Uint8ClampedArray {
  const picture = paint(networkPainter(image, 0, CIFAR_STATISTICS))
  const rankAt = pixelwise(ranks, side)
  for (let pixel = 0; pixel < picture.length / 4; pixel++)
    if (rankAt(pixel) === 0) picture[4 * pixel + 3] = 0
  return picture
}
