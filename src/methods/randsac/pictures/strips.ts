import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { CIFAR_STATISTICS } from '../../../data/statistics.ts'
import type { StripColumn, Strips } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import {
  errorPainter,
  NEUTRAL,
  networkPainter,
  paintStrips,
  pastePainter,
  pixelwise,
  samplePainter,
  type Painter,
} from '../../painting.ts'
import type { RandsacSettings } from '../settings.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import { hatched, isLined, segmentPainter } from './painters.ts'
import { predictPatches, scaleOf } from './predictions.ts'
import { sampleOrders } from './sampleOrders.ts'

/** What the lines between segments say, where there are any. */
function aboutLines(orders: readonly Serialisation[]): string {
  if (!orders.some(isLined)) return ''
  const partitioned = orders.some(({ partitions }) => partitions !== null)
  return ` Thin lines part segments${partitioned ? ', thick ones the partitions that are finished one after the other' : ''}.`
}

const knownColumns = (orders: readonly Serialisation[]): readonly StripColumn[] => [
  { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
  {
    id: 'segments',
    label: 'Segments',
    help: `Every segment in the colour of its place in the order: the first dark violet, later ones ever lighter, the last yellow.${aboutLines(orders)}`,
  },
  {
    id: 'context',
    label: 'Half-way',
    help: 'What is visible when the middle segment is predicted: all segments before it.',
  },
]

const predictedColumns = (normalised: boolean): readonly StripColumn[] => [
  {
    id: 'prediction',
    label: 'Prediction',
    help: `Every patch as predicted from the true pixels of all earlier segments.${normalised ? ' The network predicts normalised patches: their mean and contrast are those of the true patch.' : ''} The first segment is not predicted: it is shown as it is, hatched.`,
    needsNetwork: true,
  },
  {
    id: 'error',
    label: 'Error',
    help: 'Absolute difference between prediction and original, averaged over colours; brighter is worse, and the first segment is black.',
    needsNetwork: true,
  },
]

/** The first segment that half of the others come before. */
const middleOf = (segments: number): number => Math.ceil(segments / 2)

/** The cells of one row: those of `knownColumns`, and those of `predictedColumns` where there is a prediction. */
function rowPainters(
  original: Painter,
  order: Serialisation,
  side: number,
  prediction?: Painter,
): Painter[] {
  const rankAt = pixelwise(order.ranks, side)
  const middle = middleOf(order.segments)
  const context = pastePainter(
    (pixel) => rankAt(pixel) >= middle,
    () => NEUTRAL,
    original,
  )
  const known = [original, segmentPainter(original, order, side), context]
  if (prediction === undefined) return known
  const isFirst = (pixel: number): boolean => rankAt(pixel) === 0
  const pasted = pastePainter(isFirst, original, prediction)
  return [...known, hatched(pasted, isFirst), errorPainter(pasted, original)]
}

function paintOrders(
  settings: RandsacSettings,
  samples: Samples,
  orders: readonly Serialisation[],
  columns: readonly StripColumn[],
  prediction?: (row: number) => Painter,
): Strips {
  const predicted = orders.map(({ ranks }) => Uint8Array.from(ranks, (rank) => Number(rank > 0)))
  const table = paintStrips(samples, predicted, columns, (row) =>
    rowPainters(
      samplePainter(samples, row),
      orders[row]!,
      Number(settings.patchSize),
      prediction?.(row),
    ),
  )
  return { ...table, maskedWord: 'predicted' }
}

/** Segments in their order and the context half-way, painted on the host. */
export function orderPreview(
  settings: RandsacSettings,
  samples: Samples,
  maskSeed: number,
): Strips {
  const orders = sampleOrders(settings, samples, maskSeed)
  return paintOrders(settings, samples, orders, knownColumns(orders))
}

/** All columns: those of `orderPreview` and what the network predicts. */
export async function orderStrips(
  settings: RandsacSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Strips> {
  const orders = sampleOrders(settings, samples, maskSeed)
  const columns = [...knownColumns(orders), ...predictedColumns(settings.target === 'normalised')]
  const patches = await predictPatches(settings, views, orders, parameters)
  const pixels = await views.data<'float32'>()
  return paintOrders(settings, samples, orders, columns, (row) => {
    const size = pixels.length / orders.length
    const own = (values: Float32Array): Float32Array =>
      values.subarray(row * size, (row + 1) * size)
    const image = scaleOf(settings, own(pixels)).imageOf(own(patches))
    return networkPainter(image, 0, CIFAR_STATISTICS)
  })
}
