import { describe, expect, it } from 'vitest'
import type { ColourChange } from '../engine/kernels/colour.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { colourOracle } from '../engine/testing/colourOracle.ts'
import { cropOracle } from '../engine/testing/cropOracle.ts'
import { worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import { drawBox, WHOLE_IMAGE, type CropBox } from './boxes.ts'
import { drawColours, type Colours } from './colours.ts'
import { DeviceImages } from './deviceImages.ts'
import { drawViews, type ViewDraw } from './drawViews.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './images.ts'
import type { Normalisation } from './viewBatch.ts'

const engine = useEngine()

const COUNT = 11
const NORMALISATION: Normalisation = { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3] }

const images: ImageSet = (() => {
  const random = randomAt(6, Stream.init)
  const pixels = Uint8Array.from({ length: COUNT * IMAGE_BYTES }, () => random.below(256))
  // One image without noise, where contrast has a mean to find, and one that is grey everywhere.
  pixels.subarray(0, IMAGE_BYTES).forEach((_, i, first) => (first[i] = (i * 7) % 230))
  const plane = IMAGE_SIZE * IMAGE_SIZE
  const grey = pixels.subarray(IMAGE_BYTES, 2 * IMAGE_BYTES)
  grey.forEach((_, i) => (grey[i] = grey[i % plane]!))
  return { count: COUNT, pixels, labels: new Uint8Array(COUNT) }
})()

/** The views of a batch from the GPU, every image in turn. */
async function viewsOf(
  draw: ViewDraw,
  largestBinding?: number,
): Promise<{ indices: number[]; values: Float32Array }> {
  const set = new DeviceImages(engine(), images, largestBinding)
  const indices = draw.boxes.map((_, i) => i % COUNT)
  const batch = set.batch(indices.length, NORMALISATION, draw.colours && { colour: RULE })
  batch.choose(indices, draw)
  const values = await take(batch.encode())
  batch.dispose()
  set.dispose()
  return { indices, values }
}

/** A view in float64, normalised. */
function expected(index: number, box: CropBox, colours: Colours): Float64Array {
  const bytes = images.pixels.subarray(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES)
  const view = cropOracle(bytes, IMAGE_SIZE, box, IMAGE_SIZE).map((value) => value / 255)
  const { mean, deviation } = NORMALISATION
  return colourOracle(view, colours).map((value, i) => (value - mean[i % 3]!) / deviation[i % 3]!)
}

/** Expects every view to be the oracle's. */
async function expectOracle(draw: ViewDraw & { colours: readonly Colours[] }): Promise<void> {
  const { indices, values } = await viewsOf(draw)
  expect(values).toHaveLength(indices.length * IMAGE_BYTES)
  indices.forEach((index, i) => {
    const actual = values.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES)
    const error = worstError(actual, expected(index, draw.boxes[i]!, draw.colours[i]!))
    expect(error, `view ${i}: ${JSON.stringify(draw.colours[i])}`).toBeLessThan(3e-6)
  })
}

const RULE = {
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.2,
  hue: 0.1,
  jitterProbability: 0.8,
  greyProbability: 0.2,
}

const crop = { scaleMin: 0.2, flipProbability: 0.5 }

/** All orders of a list. */
const ordersOf = <T>(list: readonly T[]): T[][] =>
  list.length === 0
    ? [[]]
    : list.flatMap((first, i) => ordersOf(list.toSpliced(i, 1)).map((rest) => [first, ...rest]))

const whole = (count: number): CropBox[] => Array.from({ length: count }, () => WHOLE_IMAGE)

describe('coloured views', () => {
  it.each([1, 3, 67])('are those of the float64 oracle, %i images', async (count) => {
    const samples = Array.from({ length: count }, (_, i) => i)
    await expectOracle({
      boxes: samples.map((sample) => drawBox(crop, 4, 1, sample)),
      colours: samples.map((sample) => drawColours(RULE, 4, 1, sample, 0)),
    })
  })

  it('are right in all 24 orders of the four operations', async () => {
    const four: ColourChange[] = [
      { operation: 'brightness', amount: 1.4 },
      { operation: 'contrast', amount: 0.6 },
      { operation: 'saturation', amount: 1.2 },
      { operation: 'hue', amount: -0.1 },
    ]
    const colours = ordersOf(four)
    expect(new Set(colours.map((order) => JSON.stringify(order))).size).toBe(24)
    await expectOracle({ boxes: whole(24), colours })
  })

  it('are right for extreme amounts, one operation at a time, on every image', async () => {
    const amounts = { brightness: [0, 5], contrast: [0, 4], saturation: [0, 6], hue: [-0.5, 0.5] }
    const changes: ColourChange[] = Object.entries(amounts).flatMap(([operation, ends]) =>
      ends.map((amount) => ({ operation: operation as keyof typeof amounts, amount })),
    )
    const colours = [...changes, { operation: 'grey' } as const].flatMap((change) =>
      Array.from({ length: COUNT }, () => [change]),
    )
    await expectOracle({ boxes: whole(colours.length), colours })
  })

  it('take the mean of what is seen, black borders and all, not of the image', async () => {
    const box = { ...WHOLE_IMAGE, top: -16, left: 10 }
    const colours = [[{ operation: 'contrast', amount: 0 } as const]]
    await expectOracle({ boxes: [box], colours })
    const { values } = await viewsOf({ boxes: [box], colours })
    const { mean, deviation } = NORMALISATION
    const shown = values.slice(0, 3).map((value, c) => value * deviation[c]! + mean[c]!)
    // A view of one grey: the mean itself.
    expect(Math.max(...shown) - Math.min(...shown)).toBeLessThan(1e-6)
    expect(shown[0]).toBeGreaterThan(0.05)
    expect(shown[0]).toBeLessThan(0.3)
  })

  it('are the plain views where nothing is changed', async () => {
    const boxes = Array.from({ length: COUNT }, (_, i) => drawBox(crop, 2, 0, i))
    const { values: plain } = await viewsOf({ boxes })
    const { values } = await viewsOf({ boxes, colours: boxes.map(() => []) })
    expect(worstError(values, plain)).toBeLessThan(1e-6)
  })

  it('have the same bits twice, and from several buffers', async () => {
    const [draw] = drawViews([{ crop, colour: RULE }], { seed: 5, step: 6 }, 31)
    const { values } = await viewsOf(draw!)
    expect((await viewsOf(draw!)).values).toEqual(values)
    expect((await viewsOf(draw!, 6.5 * IMAGE_BYTES)).values).toEqual(values)
  })

  it('want colours, and only they', () => {
    const set = new DeviceImages(engine(), images)
    for (const coloured of [false, true]) {
      const batch = set.batch(1, NORMALISATION, coloured ? { colour: RULE } : {})
      const draw = { boxes: [WHOLE_IMAGE], ...(!coloured && { colours: [[]] }) }
      expect(() => batch.choose([0], draw)).toThrow('coloured views')
      batch.dispose()
    }
    set.dispose()
  })

  it('refuse more operations than they have room for', () => {
    const set = new DeviceImages(engine(), images)
    const batch = set.batch(1, NORMALISATION, { colour: RULE })
    const colours = [Array.from({ length: 6 }, () => ({ operation: 'grey' }) as const)]
    expect(() => batch.choose([0], { boxes: [WHOLE_IMAGE], colours })).toThrow('at most 5')
    batch.dispose()
    set.dispose()
  })
})
