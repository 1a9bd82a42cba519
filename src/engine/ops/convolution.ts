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
import { columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

/** Threads that a filter gradient should keep busy; where it has fewer tiles, the positions are cut up. */
const WANTED_THREADS = 16384
/** Workgroups in x at most; more are spread over y. */
const MAX_COLUMNS = 32768

/** How filters are moved over images. */
export interface ConvolutionOptions {
  /** Steps between positions, 1 if left out. */
  readonly stride?: number
  /** Zeros on every side of an image, 0 if left out. */
  readonly padding?: number
  /** True where x is data, such as the images that a network is given: then no gradient is computed for it. */
  readonly constantInput?: boolean
}

/** A layer at its sizes. */
interface Layer {
  readonly plan: ConvolutionPlan
  /** Names the plan. */
  readonly name: string
  readonly images: number
  readonly height: number
  readonly width: number
  readonly inputs: number
  readonly outHeight: number
  readonly outWidth: number
  readonly outputs: number
}

/**
 * 2-D convolution, y[b, v, u, o] = bias[o] + Σ x[b, v · stride + r − padding, u · stride + s − padding, c] ·
 * weight[o, c, r, s]; outside x there are zeros.
 *
 * Gradients: dx is the transposed convolution of dy, dweight[o, c, r, s] = Σ dy[…, o] · x[…, c] over all positions, summed
 * in chunks that depend on sizes alone, dbias = sum of dy over all positions.
 * @param x [batch, height, width, in]
 * @param weight [out, in, kernel height, kernel width], as PyTorch has it
 * @param bias [out], or null for none
 * @returns [batch, out height, out width, out], with sides ⌊(side + 2 padding − kernel) / stride⌋ + 1
 */
export function convolution(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  { stride = 1, padding = 0, constantInput = false }: ConvolutionOptions = {},
): tf.Tensor4D {
  const layer = layerOf(x, weight, stride, padding)
  const parameters = bias === null ? [weight] : [weight, bias]
  return differentiable<tf.Tensor4D>(
    constantInput ? parameters : [x, ...parameters],
    (save) => {
      const filters = filtersOf(layer, weight)
      save([x, filters])
      return forward(layer, x, filters, bias)
    },
    (dy, [input, filters]) => {
      return [
        ...(constantInput ? [] : [inputGradient(layer, dy, filters!)]),
        filterGradient(layer, input!, dy),
        ...(bias === null ? [] : [columnSum(dy.as2D(-1, layer.outputs))]),
      ]
    },
  )
}

function layerOf(
  { shape: [images, height, width, inputs] }: tf.Tensor4D,
  { shape: [outputs, expected, ...kernel] }: tf.Tensor4D,
  stride: number,
  padding: number,
): Layer {
  const side = (length: number, size: number): number =>
    Math.floor((length + 2 * padding - size) / stride) + 1
  const [outHeight, outWidth] = [side(height, kernel[0]), side(width, kernel[1])]
  if (expected !== inputs || outHeight < 1 || outWidth < 1)
    throw new Error(
      `${expected} channels of ${kernel.join(' × ')} do not fit [${images},${height},${width},${inputs}]`,
    )
  const plan = {
    kernel,
    stride,
    padding,
    alignedInputs: inputs % 4 === 0,
    alignedOutputs: outputs % 4 === 0,
  }
  const alignment = `${plan.alignedInputs ? 4 : 1} ${plan.alignedOutputs ? 4 : 1}`
  const name = `${kernel.join(' ')} ${stride} ${padding} ${alignment}`
  return { plan, name, images, height, width, inputs, outHeight, outWidth, outputs }
}

const sizesOf = (layer: Layer, chunk = 0): GPUBuffer => {
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

function filtersOf(layer: Layer, weight: tf.Tensor4D): tf.Tensor {
  const { plan, inputs, outputs } = layer
  const filters = emptyTensor([groupsFor(outputs, 8), ...plan.kernel, filled(inputs), 8])
  kernelNamed(`convolution filters ${plan.kernel.join(' ')}`, () =>
    filterLayoutCode(plan),
  ).dispatchMany([sizesOf(layer), weight, filters], groupsFor(filters.size, CONVOLUTION_WORKGROUP))
  return filters
}

function forward(
  layer: Layer,
  x: tf.Tensor,
  filters: tf.Tensor,
  bias: tf.Tensor1D | null,
): tf.Tensor4D {
  const { plan, name, images, outHeight, outWidth, outputs } = layer
  const y = emptyTensor<tf.Rank.R4>([images, outHeight, outWidth, outputs])
  runTiles(
    `convolution ${name}${bias ? ' bias' : ''}`,
    () => convolutionCode(plan, bias !== null),
    [sizesOf(layer), x, filters, y, ...(bias === null ? [] : [bias])],
    [groupsFor(images * outHeight * outWidth, TILE_POSITIONS), outputs, 1],
  )
  return y
}

function inputGradient(layer: Layer, dy: tf.Tensor, filters: tf.Tensor): tf.Tensor4D {
  const { plan, name, images, height, width, inputs } = layer
  const { stride } = plan
  const dx = emptyTensor<tf.Rank.R4>([images, height, width, inputs])
  const positions = images * groupsFor(height, stride) * groupsFor(width, stride)
  runTiles(
    `convolution dx ${name}`,
    () => inputGradientCode(plan),
    [sizesOf(layer), dy, filters, dx],
    [groupsFor(positions, TILE_POSITIONS), inputs, stride * stride],
  )
  return dx
}

function filterGradient(layer: Layer, x: tf.Tensor, dy: tf.Tensor): tf.Tensor4D {
  const { plan, name, images, inputs, outHeight, outputs } = layer
  const [height, width] = plan.kernel
  const tiles = height * width * groupsFor(inputs, 4)
  const threads = tiles * groupsFor(groupsFor(outputs, 4), TILE_QUADS)
  const lines = images * outHeight
  const chunk = groupsFor(lines, Math.min(lines, groupsFor(WANTED_THREADS, threads)))
  const layers = groupsFor(lines, chunk)
  const sums = emptyTensor([layers, height * width, filled(inputs), filled(outputs)])
  runTiles(
    `convolution dw sums ${name}`,
    () => filterGradientCode(plan),
    [sizesOf(layer, chunk), x, dy, sums],
    [tiles, outputs, layers],
  )
  const dweight = emptyTensor<tf.Rank.R4>([outputs, inputs, height, width])
  kernelNamed(`convolution dw ${plan.kernel.join(' ')}`, () =>
    filterGradientFinalCode(plan),
  ).dispatchMany([sizesOf(layer), sums, dweight], groupsFor(dweight.size, CONVOLUTION_WORKGROUP))
  return dweight
}
