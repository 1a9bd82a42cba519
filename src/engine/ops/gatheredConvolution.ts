import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  filtersCode,
  FILTERS_WORKGROUP,
  filterSumCode,
  type FilterOrder,
} from '../kernels/filters.ts'
import type { Gather, GatherSizes } from '../kernels/matmul/gather.ts'
import type { Variant } from '../kernels/matmul/variants.ts'
import { emptyTensor } from '../tensors.ts'
import { WANTED_TILES, type ConvolutionLayer, type ConvolutionWay } from './convolutionLayer.ts'
import { encodeProduct } from './product.ts'

/** Positions of a piece of a filter gradient at least. */
const MIN_CHUNK = 64

const elementsOf = ({ kernel: [height, width] }: ConvolutionLayer): number => height * width

/** A layer with equal sides of the kernel, whose gradient is another convolution of stride 1. */
const flips = ({ kernel: [height, width], stride, padding }: ConvolutionLayer): boolean =>
  stride === 1 && height === width && padding < height

function filtersOf(layer: ConvolutionLayer, weight: tf.Tensor, order: FilterOrder): tf.Tensor {
  const elements = elementsOf(layer)
  const filters = emptyTensor([weight.size])
  kernelNamed(`filters ${elements} ${order}`, () => filtersCode(elements, order)).dispatchMany(
    [uniformOf([layer.inputs, layer.outputs, 1]), weight, filters],
    groupsFor(weight.size, FILTERS_WORKGROUP),
  )
  return filters
}

const gatheredFrom = (
  { kernel, stride, padding, images }: ConvolutionLayer,
  use: Gather['use'],
  [height, width]: readonly [number, number],
  [gridHeight, gridWidth]: readonly [number, number],
  [resultHeight, resultWidth]: readonly [number, number] = [gridHeight, gridWidth],
): { readonly gather: Gather; readonly sizes: GatherSizes; readonly images: number } => ({
  gather: { use, kernel, stride, padding },
  sizes: { height, width, gridHeight, gridWidth, resultHeight, resultWidth },
  images,
})

/** Lines of positions of each partial sum: from the sizes alone, so that no variant changes the bits. */
function linesOf(layer: ConvolutionLayer): number {
  const { images, outHeight, outWidth, inputs, outputs } = layer
  const lines = images * outHeight
  const tiles = elementsOf(layer) * groupsFor(inputs, 8) * groupsFor(outputs, 4)
  const wanted = Math.min(
    groupsFor(WANTED_TILES, tiles),
    groupsFor(lines * outWidth, MIN_CHUNK),
    lines,
  )
  return groupsFor(lines, wanted)
}

/**
 * Convolutions whose numbers of channels are multiples of four, as products of matrices of which one is gathered from the
 * feature maps while it is read: with the variants of products, of which tuning takes the quickest.
 * @param variant of the products; chosen by the engine's tuning when absent
 */
export const gatheredConvolution = (variant?: Variant): ConvolutionWay => {
  const forward: ConvolutionWay['forward'] = (layer, x, weight, bias) =>
    moved(layer, x, filtersOf(layer, weight, 'forward'), bias)

  /** y of filters in the order of products. */
  function moved(
    layer: ConvolutionLayer,
    x: tf.Tensor,
    filters: tf.Tensor,
    bias: tf.Tensor | null,
  ): tf.Tensor4D {
    const { images, height, width, inputs, outHeight, outWidth, outputs } = layer
    const y = emptyTensor<tf.Rank.R4>([images, outHeight, outWidth, outputs])
    encodeProduct(
      {
        ...{ layout: 'NN', a: x, b: filters },
        ...{ rows: images * outHeight * outWidth, columns: outputs, depth: inputs },
        extras: bias === null ? [] : [['bias', bias]],
        gathered: gatheredFrom(layer, 'forward', [height, width], [outHeight, outWidth]),
      },
      y,
      variant,
    )
    return y
  }

  return {
    forward,

    inputGradient: (layer, dy, weight) => {
      const { stride, padding, images, height, width, outHeight, outWidth } = layer
      const { kernel, inputs, outputs } = layer
      if (flips(layer)) {
        const mirrored = {
          ...{ kernel, stride, padding: kernel[0] - 1 - padding, images },
          ...{ height: outHeight, width: outWidth, inputs: outputs },
          ...{ outHeight: height, outWidth: width, outputs: inputs },
        }
        return moved(mirrored, dy, filtersOf(layer, weight, 'flipped'), null)
      }
      const grid = [groupsFor(height, stride), groupsFor(width, stride)] as const
      const dx = emptyTensor<tf.Rank.R4>([images, height, width, inputs])
      encodeProduct(
        {
          ...{ layout: 'NN', a: dy, b: filtersOf(layer, weight, 'input') },
          ...{ rows: images * grid[0] * grid[1], columns: inputs, depth: outputs },
          gathered: gatheredFrom(layer, 'input', [outHeight, outWidth], grid, [height, width]),
        },
        dx,
        variant,
      )
      return dx
    },

    filterGradient: (layer, x, dy) => {
      const { images, height, width, inputs, outHeight, outWidth, outputs, kernel } = layer
      const elements = elementsOf(layer)
      const depth = images * outHeight * outWidth
      const chunk = linesOf(layer) * outWidth
      const pieces = groupsFor(depth, chunk)
      const sums = emptyTensor([pieces, elements, outputs, inputs])
      encodeProduct(
        {
          ...{ layout: 'TN', a: dy, b: x, rows: outputs, columns: inputs, depth, chunk },
          gathered: gatheredFrom(layer, 'filters', [height, width], [outHeight, outWidth]),
        },
        sums,
        variant,
      )
      const dweight = emptyTensor<tf.Rank.R4>([outputs, inputs, ...kernel])
      kernelNamed(`filter sums ${elements}`, () => filterSumCode(elements)).dispatchMany(
        [uniformOf([inputs, outputs, pieces]), sums, dweight],
        groupsFor(dweight.size, FILTERS_WORKGROUP),
      )
      return dweight
    },
  }
}
