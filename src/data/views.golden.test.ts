import * as tf from '@tensorflow/tfjs'
import { test } from 'vitest'
import { groupsFor, kernelNamed } from '../engine/kernel.ts'
import type { ColourChange } from '../engine/kernels/colour.ts'
import { colouredViewsKernelCode } from '../engine/kernels/colouredViews.ts'
import type { ViewSize } from '../engine/kernels/crop.ts'
import { packFilters, type ViewFilter } from '../engine/kernels/filter.ts'
import { packViews, VIEWS_WORKGROUP, viewsKernelCode } from '../engine/kernels/views.ts'
import { emptyTensor } from '../engine/tensors.ts'
import { colourOracle } from '../engine/testing/colourOracle.ts'
import { cropOracle } from '../engine/testing/cropOracle.ts'
import { filterOracle } from '../engine/testing/filterOracle.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import { describeGolden } from '../fixtures/golden.ts'
import { expectOp, OP_TOLERANCES } from '../fixtures/goldenCompare.ts'
import type { FullTensor, GoldenNode } from '../fixtures/goldenNode.ts'
import type { CropBox } from './boxes.ts'
import { filterViews } from './deviceImages.ts'

const engine = useEngine()

/** What a kernel is to make of an image. */
interface Wanted {
  readonly box: CropBox
  readonly size: ViewSize
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  readonly changes: readonly ColourChange[]
}

const [PLAIN, COLOURED] = [false, true]

/** In place of `packedPixels`: the cases have decimals for pixels, which bytes cannot hold. */
const floatPixels = (height: number, width: number): string => `
@group(0) @binding(2) var<storage, read> image: array<f32>;

fn pixel(box: Box, channel: u32, at: vec2i) -> f32 {
  return 255.0 * image[(channel * ${height}u + u32(at.y)) * ${width}u + u32(at.x)];
}`

/** A kernel of views on one image [3, height, width]: [3, ...size]. */
async function view(image: FullTensor, wanted: Wanted, coloured: boolean): Promise<number[]> {
  const [, height, width] = image.shape as [number, number, number]
  const { box, size, mean, deviation, changes } = wanted
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const words = packViews([{ ...box, image: 0, chunk: 0, changes }], mean, deviation, coloured)
  const contents = [words, Float32Array.from(image.data)]
  const [boxes, pixels] = contents.map((data) => {
    const buffer = engine().createBuffer('golden view', data.byteLength, usage)
    engine().device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }) as [GPUBuffer, GPUBuffer]
  const result = emptyTensor([...size, 3])
  const code = coloured ? colouredViewsKernelCode : viewsKernelCode
  const kernel = kernelNamed(`golden ${coloured} ${height} ${width} ${size.join()}`, () =>
    code(floatPixels(height, width), size),
  )
  const groups = coloured ? 1 : groupsFor(size[0] * size[1], VIEWS_WORKGROUP)
  kernel.dispatchMany([boxes, result, pixels], groups)
  const values = await take(result)
  for (const buffer of [boxes, pixels]) engine().destroyBuffer(buffer)
  return planar(values)
}

/** [pixels, 3] to [3, pixels]. */
const planar = (values: ArrayLike<number>): number[] => {
  const pixels = values.length / 3
  return Array.from(values, (_, i) => values[(i % pixels) * 3 + Math.floor(i / pixels)]!)
}

/** [3, pixels] to [pixels, 3]. */
const interleaved = (values: readonly number[]): number[] => {
  const pixels = values.length / 3
  return values.map((_, i) => values[(i % 3) * pixels + Math.floor(i / 3)]!)
}

/** The whole image as it is. */
function unchanged({ shape }: FullTensor): Wanted {
  const [, height, width] = shape as [number, number, number]
  const box = { top: 0, left: 0, height, width, flip: false }
  return { box, size: [height, width], mean: [0, 0, 0], deviation: [1, 1, 1], changes: [] }
}

/** Whatever the kernels are to make of the image of a case, both where no colour changes. */
async function expectViews(item: GoldenNode, change: Partial<Wanted>, tolerance: number) {
  const image = item.full('inputs', 'image')
  const wanted = { ...unchanged(image), ...change }
  const y = item.full('outputs', 'y')
  for (const coloured of wanted.changes.length > 0 ? [COLOURED] : [PLAIN, COLOURED])
    expectOp(await view(image, wanted, coloured), y, tolerance, coloured ? 'coloured' : 'plain')
}

/** An image [3, height, width] in the corner of a square one, for the oracle of crops. */
function square({ shape, data }: FullTensor): { side: number; data: Float64Array } {
  const [, height, width] = shape as [number, number, number]
  const side = Math.max(height, width)
  const all = new Float64Array(3 * side * side)
  data.forEach((value, i) => {
    const row = Math.floor(i / width)
    all[(Math.floor(row / height) * side + (row % height)) * side + (i % width)] = value
  })
  return { side, data: all }
}

async function cropCase(item: GoldenNode): Promise<void> {
  const attribute = (name: string): number => item.number('attrs', name)
  const box = {
    top: attribute('top'),
    left: attribute('left'),
    height: attribute('height'),
    width: attribute('width'),
    flip: false,
  }
  const size = attribute('size')
  const { side, data } = square(item.full('inputs', 'image'))
  const oracle = planar(cropOracle(data, side, box, size))
  expectOp(oracle, item.full('outputs', 'y'), 1e-9, 'the float64 oracle')
  await expectViews(item, { box, size: [size, size] }, OP_TOLERANCES.output)
}

async function flipCase(item: GoldenNode): Promise<void> {
  const { box } = unchanged(item.full('inputs', 'image'))
  await expectViews(item, { box: { ...box, flip: true } }, OP_TOLERANCES.output)
}

async function normaliseCase(item: GoldenNode): Promise<void> {
  const [mean, deviation] = [item.numbers('attrs', 'mean'), item.numbers('attrs', 'std')]
  await expectViews(item, { mean, deviation }, OP_TOLERANCES.output)
}

async function colourCase(item: GoldenNode, changes: readonly ColourChange[]): Promise<void> {
  const { data } = item.full('inputs', 'image')
  const oracle = planar(colourOracle(interleaved(data), changes))
  expectOp(oracle, item.full('outputs', 'y'), 1e-9, 'the float64 oracle')
  const turns = changes.some(({ operation }) => operation === 'hue')
  await expectViews(item, { changes }, turns ? OP_TOLERANCES.hue : OP_TOLERANCES.output)
}

async function filterCase(item: GoldenNode, filter: ViewFilter): Promise<void> {
  const { shape, data } = item.full('inputs', 'image')
  const [, height, width] = shape as [number, number, number]
  const y = item.full('outputs', 'y')
  const image = interleaved([...data])
  expectOp(planar(filterOracle(image, [height, width], filter)), y, 1e-9, 'the float64 oracle')
  const { box } = unchanged(item.full('inputs', 'image'))
  const header = packViews([{ ...box, image: 0, chunk: 0 }], [0, 0, 0], [1, 1, 1])
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const [boxes, filters] = [header, packFilters([filter])].map((words) => {
    const buffer = engine().createBuffer('golden filter', words.byteLength, usage)
    engine().device.queue.writeBuffer(buffer, 0, words)
    return buffer
  }) as [GPUBuffer, GPUBuffer]
  const views = tf.tensor4d(image, [1, height, width, 3])
  filterViews(boxes, filters, views)
  engine().markWritten(views)
  expectOp(planar(await take(views)), y, OP_TOLERANCES.output, 'filtered')
  for (const buffer of [boxes, filters]) engine().destroyBuffer(buffer)
}

type Adjustment = Exclude<ColourChange, { operation: 'grey' }>['operation']

const adjustment = (item: GoldenNode, operation: string, attribute = operation): ColourChange => ({
  operation: operation as Adjustment,
  amount: item.number('attrs', attribute),
})

const suites: Record<string, (item: GoldenNode) => Promise<void>> = {
  resized_crop_bilinear: cropCase,
  normalize: normaliseCase,
  hflip: flipCase,
  brightness: (item) => colourCase(item, [adjustment(item, 'brightness', 'factor')]),
  contrast: (item) => colourCase(item, [adjustment(item, 'contrast', 'factor')]),
  saturation: (item) => colourCase(item, [adjustment(item, 'saturation', 'factor')]),
  hue: (item) => colourCase(item, [adjustment(item, 'hue', 'shift')]),
  grayscale: (item) => colourCase(item, [{ operation: 'grey' }]),
  solarize: (item) => filterCase(item, { sigma: 0, solarised: true }),
  color_jitter: (item) =>
    colourCase(
      item,
      item.texts('attrs', 'order').map((operation) => adjustment(item, operation)),
    ),
}

describeGolden(
  ({ method }) => method === 'ops',
  ({ root }) => {
    for (const [index, item] of root.list('cases').entries()) {
      const op = item.text('op')
      const run = suites[op]
      if (run) test(`${index} ${op}`, () => run(item))
    }
  },
)
