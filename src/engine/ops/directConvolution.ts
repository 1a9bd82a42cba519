import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf, type Binding } from '../kernel.ts'
import { convolutionCode, filterLayoutCode } from '../kernels/convolution.ts'
import {
  filterGradientCode,
  filterGradientFinalCode,
  inputGradientCode,
} from '../kernels/convolutionGradient.ts'
import {
  CONVOLUTION_WORKGROUP,
  TILE_POSITIONS,
  TILE_QUADS,
  type ConvolutionPlan,
} from '../kernels/convolutionTile.ts'
import { emptyTensor } from '../tensors.ts'
import { WANTED_TILES, type ConvolutionLayer, type ConvolutionWay } from './convolutionLayer.ts'

/** Workgroups in x at most; more are spread over y. */
const MAX_COLUMNS = 32768

const planOf = ({
  kernel,
  stride,
  padding,
  inputs,
  outputs,
}: ConvolutionLayer): ConvolutionPlan => ({
  ...{ kernel, stride, padding },
  alignedInputs: inputs % 4 === 0,
  alignedOutputs: outputs % 4 === 0,
})

/** Names a plan. */
function nameOf({ kernel, stride, padding, ...aligned }: ConvolutionPlan): string {
  const alignment = `${aligned.alignedInputs ? 4 : 1} ${aligned.alignedOutputs ? 4 : 1}`
  return `${kernel.join(' ')} ${stride} ${padding} ${alignment}`
}

const sizesOf = (layer: ConvolutionLayer, chunk = 0): GPUBuffer => {
  const { images, height, width, inputs, outHeight, outWidth, outputs } = layer
  return uniformOf([images, height, width, inputs, outHeight, outWidth, outputs, chunk])
}

const filled = (channels: number): number => 4 * groupsFor(channels, 4)

/** One thread for every `tiles` of something and every tile of `channels`. */
function runTiles(
  name: string,
  code: () => string,
  bindings: readonly Binding[],
  [tiles, channels, layers]: readonly [tiles: number, channels: number, layers: number],
): void {
  const threads = tiles * groupsFor(groupsFor(channels, 4), TILE_QUADS)
  const groups = groupsFor(threads, CONVOLUTION_WORKGROUP)
  const columns = Math.min(groups, MAX_COLUMNS)
  kernelNamed(name, code).dispatch(bindings, columns, groupsFor(groups, columns), layers)
}

function filtersOf(layer: ConvolutionLayer, weight: tf.Tensor): tf.Tensor {
  const { kernel, inputs, outputs } = layer
  const filters = emptyTensor([groupsFor(outputs, 8), ...kernel, filled(inputs), 8])
  kernelNamed(`convolution filters ${kernel.join(' ')}`, () =>
    filterLayoutCode(planOf(layer)),
  ).dispatchMany([sizesOf(layer), weight, filters], groupsFor(filters.size, CONVOLUTION_WORKGROUP))
  return filters
}

/**
 * Convolutions of any number of channels: every thread computes a tile of results by itself and reads what it needs from
 * where it lies. For first layers, whose images have three channels.
 */
export const directConvolution: ConvolutionWay = {
  forward: (layer, x, weight, bias) => {
    const { images, outHeight, outWidth, outputs } = layer
    const plan = planOf(layer)
    const y = emptyTensor<tf.Rank.R4>([images, outHeight, outWidth, outputs])
    runTiles(
      `convolution ${nameOf(plan)}${bias ? ' bias' : ''}`,
      () => convolutionCode(plan, bias !== null),
      [sizesOf(layer), x, filtersOf(layer, weight), y, ...(bias === null ? [] : [bias])],
      [groupsFor(images * outHeight * outWidth, TILE_POSITIONS), outputs, 1],
    )
    return y
  },

  inputGradient: (layer, dy, weight) => {
    const { stride, images, height, width, inputs } = layer
    const plan = planOf(layer)
    const dx = emptyTensor<tf.Rank.R4>([images, height, width, inputs])
    const positions = images * groupsFor(height, stride) * groupsFor(width, stride)
    runTiles(
      `convolution dx ${nameOf(plan)}`,
      () => inputGradientCode(plan),
      [sizesOf(layer), dy, filtersOf(layer, weight), dx],
      [groupsFor(positions, TILE_POSITIONS), inputs, stride * stride],
    )
    return dx
  },

  filterGradient: (layer, x, dy) => {
    const { kernel, images, inputs, outHeight, outputs } = layer
    const plan = planOf(layer)
    const [height, width] = kernel
    const tiles = height * width * groupsFor(inputs, 4)
    const threads = tiles * groupsFor(groupsFor(outputs, 4), TILE_QUADS)
    const lines = images * outHeight
    const chunk = groupsFor(lines, Math.min(lines, groupsFor(WANTED_TILES, threads)))
    const layers = groupsFor(lines, chunk)
    const sums = emptyTensor([layers, height * width, filled(inputs), filled(outputs)])
    runTiles(
      `convolution dw sums ${nameOf(plan)}`,
      () => filterGradientCode(plan),
      [sizesOf(layer, chunk), x, dy, sums],
      [tiles, outputs, layers],
    )
    const dweight = emptyTensor<tf.Rank.R4>([outputs, inputs, height, width])
    kernelNamed(`convolution dw ${kernel.join(' ')}`, () =>
      filterGradientFinalCode(plan),
    ).dispatchMany([sizesOf(layer), sums, dweight], groupsFor(dweight.size, CONVOLUTION_WORKGROUP))
    return dweight
  },
}
