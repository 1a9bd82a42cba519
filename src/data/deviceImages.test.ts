import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { cropOracle } from '../engine/testing/cropOracle.ts'
import { worstError } from '../engine/testing/noise.ts'
import { poisonPool } from '../engine/testing/poison.ts'
import { take } from '../engine/testing/run.ts'
import { drawBox, WHOLE_IMAGE, type CropBox } from './boxes.ts'
import { CIFAR_NORMALISATION, DeviceImages } from './deviceImages.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './images.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  poisonPool(engine)
})
afterAll(() => engine.dispose())
afterEach(() => engine.check())

const COUNT = 23

const images: ImageSet = (() => {
  const random = randomAt(5, Stream.init)
  const pixels = Uint8Array.from({ length: COUNT * IMAGE_BYTES }, () => random.below(256))
  return { count: COUNT, pixels, labels: new Uint8Array(COUNT) }
})()

/** A view in float64. */
function expected(index: number, box: CropBox, { mean, deviation } = CIFAR_NORMALISATION) {
  const bytes = images.pixels.subarray(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES)
  return cropOracle(bytes, IMAGE_SIZE, box, IMAGE_SIZE).map(
    (value, i) => (value / 255 - mean[i % 3]!) / deviation[i % 3]!,
  )
}

/** An image with a border of zeros all around: [3, side + 2 · padding, side + 2 · padding]. */
function padOracle(index: number, padding: number): Uint8Array {
  const side = IMAGE_SIZE + 2 * padding
  const padded = new Uint8Array(3 * side * side)
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < IMAGE_SIZE; y++) {
      const from = index * IMAGE_BYTES + (c * IMAGE_SIZE + y) * IMAGE_SIZE
      const row = images.pixels.subarray(from, from + IMAGE_SIZE)
      padded.set(row, (c * side + padding + y) * side + padding)
    }
  return padded
}

const rule = { scaleMin: 0.08, flipProbability: 0.5 }

describe('DeviceImages', () => {
  it('cuts, resizes, flips and normalises as the float64 oracle does', async () => {
    const indices = Array.from({ length: 200 }, (_, i) => (i * 7) % COUNT)
    const odd: CropBox[] = [
      WHOLE_IMAGE,
      { ...WHOLE_IMAGE, flip: true },
      { top: 31, left: 31, height: 1, width: 1, flip: false },
      { top: 0, left: 5, height: 32, width: 1, flip: true },
      { top: 30, left: 0, height: 2, width: 32, flip: false },
    ]
    const boxes = indices.map((_, i) => odd[i] ?? drawBox(rule, 1, i, 0))
    const set = new DeviceImages(engine, images)
    const views = set.views(indices, boxes)
    expect(views.shape).toEqual([200, IMAGE_SIZE, IMAGE_SIZE, 3])
    const values = await take(views)
    const size = IMAGE_BYTES
    indices.forEach((index, i) => {
      const error = worstError(
        values.subarray(i * size, (i + 1) * size),
        expected(index, boxes[i]!),
      )
      expect(error, `view ${i}`).toBeLessThan(2e-6)
    })
    set.dispose()
  })

  it('shows black where a crop reaches over the border, as a padded image does', async () => {
    const corners = [-4, 0, 4].flatMap((top) => [-4, 3].map((left) => ({ top, left })))
    const boxes: CropBox[] = [
      ...corners.map((corner, i) => ({ ...WHOLE_IMAGE, ...corner, flip: i % 2 === 1 })),
      ...Array.from({ length: 40 }, (_, i) =>
        drawBox({ padding: 4, flipProbability: 0.5 }, 3, i, 0),
      ),
    ]
    const set = new DeviceImages(engine, images)
    const indices = boxes.map((_, i) => (i * 5) % COUNT)
    const values = await take(set.views(indices, boxes))
    boxes.forEach(({ top, left, flip }, i) => {
      const padded = padOracle(indices[i]!, 4)
      const side = IMAGE_SIZE + 8
      const view = Float64Array.from({ length: IMAGE_BYTES }, (_, at) => {
        const [c, x, y] = [at % 3, Math.floor(at / 3) % IMAGE_SIZE, Math.floor(at / 3 / IMAGE_SIZE)]
        const column = left + 4 + (flip ? IMAGE_SIZE - 1 - x : x)
        const byte = padded[(c * side + top + 4 + y) * side + column]!
        return (byte / 255 - CIFAR_NORMALISATION.mean[c]!) / CIFAR_NORMALISATION.deviation[c]!
      })
      const actual = values.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES)
      expect(worstError(actual, view), `view ${i}`).toBeLessThan(2e-6)
      expect(worstError(expected(indices[i]!, boxes[i]!), view)).toBeLessThan(1e-12)
    })
    set.dispose()
  })

  it('resizes what lies partly beyond the image, neighbouring images left out', async () => {
    const boxes: CropBox[] = [
      { top: -3, left: 20, height: 20, width: 17, flip: false },
      { top: 25, left: -6, height: 11, width: 44, flip: true },
      { top: 40, left: 40, height: 5, width: 5, flip: false },
    ]
    const set = new DeviceImages(engine, images)
    const values = await take(set.views([0, 11, COUNT - 1], boxes))
    ;[0, 11, COUNT - 1].forEach((index, i) => {
      const actual = values.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES)
      expect(worstError(actual, expected(index, boxes[i]!)), `view ${i}`).toBeLessThan(2e-6)
    })
    set.dispose()
  })

  it('returns the bytes of a whole image, and takes other normalisations', async () => {
    const set = new DeviceImages(engine, images)
    const bytes = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const
    const values = await take(set.views([COUNT - 1], [WHOLE_IMAGE], bytes))
    const last = images.pixels.subarray((COUNT - 1) * IMAGE_BYTES)
    const plane = IMAGE_SIZE * IMAGE_SIZE
    values.forEach((value, i) => {
      expect(Math.round(value)).toBe(last[(i % 3) * plane + Math.floor(i / 3)])
    })
    set.dispose()
  })

  it('gives the same from several buffers as from one', async () => {
    const indices = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i)
    const boxes = indices.map((_, i) => drawBox(rule, 2, i, 0))
    const whole = new DeviceImages(engine, images)
    const one = await take(whole.views(indices, boxes))
    whole.dispose()
    // 7 images to a buffer and half an image too much: four buffers, the last with two images.
    const split = new DeviceImages(engine, images, 7.5 * IMAGE_BYTES)
    expect(await take(split.views(indices, boxes))).toEqual(one)
    split.dispose()
  })

  it('gives each batch its own boxes although none is awaited', async () => {
    const set = new DeviceImages(engine, images)
    const batches = [[3, 4], [5, 6], [7], [8, 9]]
    const together = batches.map((indices) =>
      set.views(
        indices,
        indices.map(() => WHOLE_IMAGE),
      ),
    )
    const values = await Promise.all(together.map(take))
    for (const [i, indices] of batches.entries()) {
      const apart = set.views(
        indices,
        indices.map(() => WHOLE_IMAGE),
      )
      expect(values[i]).toEqual(await take(apart))
    }
    set.dispose()
  })

  it('gives everything back', () => {
    const set = new DeviceImages(engine, images)
    set.views([1], [WHOLE_IMAGE]).dispose()
    set.dispose()
    const before = engine.memory()
    const again = new DeviceImages(engine, images)
    expect(engine.memory().bytes).toBe(before.bytes + images.pixels.length)
    again.views([1], [WHOLE_IMAGE]).dispose()
    again.dispose()
    expect(engine.memory()).toEqual(before)
  })
})
