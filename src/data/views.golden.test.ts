import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { groupsFor, kernelNamed } from '../engine/kernel.ts'
import { packViews, VIEWS_WORKGROUP, viewsKernelCode } from '../engine/kernels/views.ts'
import { emptyTensor } from '../engine/tensors.ts'
import { cropOracle } from '../engine/testing/cropOracle.ts'
import { worstError } from '../engine/testing/noise.ts'
import { take } from '../engine/testing/run.ts'
import { describeGolden } from '../fixtures/golden.ts'
import { expectOp, OP_TOLERANCES } from '../fixtures/goldenCompare.ts'
import type { FullTensor, GoldenNode } from '../fixtures/goldenNode.ts'
import { WHOLE_IMAGE, type CropBox } from './boxes.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())
afterEach(() => engine.check())

interface View {
  readonly box: CropBox
  readonly size: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** The views kernel on one image of bytes [3, side, side]: [size, size, 3]. */
async function view(bytes: Uint8Array, side: number, { box, size, mean, deviation }: View) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const padded = new Uint8Array(4 * groupsFor(bytes.length, 4))
  padded.set(bytes)
  const image = engine.createBuffer('image', padded.length, usage)
  const words = packViews([{ ...box, image: 0, chunk: 0 }], mean, deviation)
  const boxes = engine.createBuffer('boxes', words.byteLength, usage)
  engine.device.queue.writeBuffer(image, 0, padded)
  engine.device.queue.writeBuffer(boxes, 0, words)
  const result = emptyTensor([size, size, 3])
  kernelNamed(`views ${side} ${size}`, () => viewsKernelCode(1, side, size)).dispatchMany(
    [boxes, result, image],
    groupsFor(size * size, VIEWS_WORKGROUP),
  )
  const values = await take(result)
  for (const buffer of [image, boxes]) engine.destroyBuffer(buffer)
  return values
}

const UNCHANGED = { mean: [0, 0, 0], deviation: [1, 1, 1] }

/**
 * The views kernel on an image of decimals with four digits, which bytes cannot hold: cropping is linear, so the image
 * goes through in two halves of two digits each, x = high / 100 + low / 10000, and the mean is taken off the first.
 */
async function viewOfDecimals(decimals: ArrayLike<number>, side: number, wanted: View) {
  const digits = Array.from(decimals, (value) => Math.round(value * 1e4))
  expect(
    worstError(
      digits.map((value) => value / 1e4),
      decimals,
    ),
  ).toBeLessThan(1e-12)
  const high = Uint8Array.from(digits, (value) => Math.floor(value / 100))
  const low = Uint8Array.from(digits, (value) => value % 100)
  const shifted = { ...wanted, mean: wanted.mean.map((mean) => mean / 2.55) }
  const first = await view(high, side, shifted)
  const second = await view(low, side, { ...wanted, mean: UNCHANGED.mean })
  return first.map((value, i) => 2.55 * value + 0.0255 * second[i]!)
}

/** An image [3, height, width] in the corner of a square one. */
function square({ shape, data }: FullTensor): { side: number; decimals: Float64Array } {
  const [, height, width] = shape as [number, number, number]
  const side = Math.max(height, width)
  const decimals = new Float64Array(3 * side * side)
  data.forEach((value, i) => {
    const row = Math.floor(i / width)
    decimals[(Math.floor(row / height) * side + (row % height)) * side + (i % width)] = value
  })
  return { side, decimals }
}

/** The part [3, height, width] of a view [size, size, 3] that starts at its top and some columns from its left. */
function corner(
  values: ArrayLike<number>,
  size: number,
  { shape }: FullTensor,
  left = 0,
): number[] {
  const [, height, width] = shape as [number, number, number]
  return Array.from({ length: 3 * height * width }, (_, i) => {
    const row = Math.floor(i / width)
    return values[((row % height) * size + left + (i % width)) * 3 + Math.floor(row / height)]!
  })
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
  const y = item.full('outputs', 'y')
  const size = attribute('size')
  const { side, decimals } = square(item.full('inputs', 'image'))
  const oracle = corner(cropOracle(decimals, side, box, size), size, y)
  expectOp(oracle, y, 1e-9, 'the float64 oracle')
  const actual = await viewOfDecimals(decimals, side, { box, size, ...UNCHANGED })
  expectOp(corner(actual, size, y), y, OP_TOLERANCES.output)
}

/** Cases that keep every pixel's place but for mirroring. */
async function wholeCase(item: GoldenNode, flip: boolean): Promise<void> {
  const y = item.full('outputs', 'y')
  const { side, decimals } = square(item.full('inputs', 'image'))
  const normalised = item.has('attrs', 'mean')
  const actual = await viewOfDecimals(decimals, side, {
    box: { ...WHOLE_IMAGE, height: side, width: side, flip },
    size: side,
    mean: normalised ? item.numbers('attrs', 'mean') : UNCHANGED.mean,
    deviation: normalised ? item.numbers('attrs', 'std') : UNCHANGED.deviation,
  })
  // A mirrored square has the image at its right.
  const left = flip ? side - y.shape[2]! : 0
  expectOp(corner(actual, side, y, left), y, OP_TOLERANCES.output)
}

const suites: Record<string, (item: GoldenNode) => Promise<void>> = {
  resized_crop_bilinear: cropCase,
  normalize: (item) => wholeCase(item, false),
  hflip: (item) => wholeCase(item, true),
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
