import { expect, test } from 'vitest'
import {
  errorPainter,
  hiddenPixels,
  maskPainter,
  meanPainter,
  networkPainter,
  paint,
  paintStrips,
  pastePainter,
  samplePainter,
  type Painter,
} from './painting.ts'

const PIXELS = 32 * 32
const samples = {
  indices: [5, 9],
  pixels: Uint8Array.from({ length: 2 * 3 * PIXELS }, (_, i) => i % 251),
}
const flat =
  (...colour: number[]): Painter =>
  (channel) =>
    colour[channel]!

test('a sample is read plane by plane', () => {
  const painter = samplePainter(samples, 1)
  for (const channel of [0, 1, 2])
    expect(painter(channel, 77)).toBe(samples.pixels[(3 + channel) * PIXELS + 77])
})

test("a network's image is read pixel by pixel, denormalised and kept within 0 to 255", () => {
  const values = new Float32Array(2 * PIXELS * 3)
  values.set([0.5, 9, -9], (PIXELS + 4) * 3)
  const painter = networkPainter(values, 1, { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.2, 0.2] })
  expect([0, 1, 2].map((channel) => painter(channel, 4))).toEqual([127.5, 255, 0])
  expect(painter(1, 5)).toBe(127.5)
})

test('the mean colour of a picture', () => {
  const mean = meanPainter((channel, pixel) => (pixel < PIXELS / 2 ? 10 : 20) + channel)
  expect([0, 1, 2].map((channel) => mean(channel, 0))).toEqual([15, 16, 17])
})

test('a mask at patch resolution says which pixels are hidden', () => {
  const mask = new Array<number>(16).fill(0)
  mask[6] = 1
  const hidden = hiddenPixels(mask, 8)
  const pixels = Array.from({ length: PIXELS }, (_, pixel) => pixel).filter(hidden)
  expect(pixels).toHaveLength(64)
  for (const pixel of pixels) {
    expect(Math.floor(pixel / 32 / 8)).toBe(1)
    expect(Math.floor((pixel % 32) / 8)).toBe(2)
  }
})

test('masks, pastes and errors combine pictures', () => {
  const hidden = (pixel: number): boolean => pixel === 3
  expect(maskPainter(hidden)(0, 3)).toBeLessThan(maskPainter(hidden)(0, 2))
  const pasted = pastePainter(hidden, flat(9, 9, 9), flat(1, 2, 3))
  expect([pasted(1, 3), pasted(1, 2)]).toEqual([9, 2])
  expect(errorPainter(flat(10, 20, 30), flat(13, 20, 24))(0, 0)).toBe(3)
})

test('a picture is opaque RGBA, rounded', () => {
  const picture = paint(flat(1.4, 2.6, 300))
  expect(picture).toHaveLength(4 * PIXELS)
  expect([...picture.subarray(0, 8)]).toEqual([1, 3, 255, 255, 1, 3, 255, 255])
})

test('a table holds a picture for every row and column, and counts what is hidden', () => {
  const columns = ['a', 'b'].map((id) => ({ id, label: id, help: id }))
  const strips = paintStrips(
    samples,
    [
      [1, 0, 1, 1],
      [0, 0, 1, 0],
    ],
    columns,
    (row) => [flat(row, row, row), flat(100 + row, 0, 0)],
  )
  expect(strips).toMatchObject({
    kind: 'strips',
    columns,
    samples: [5, 9],
    size: 32,
    masked: [
      { count: 3, of: 4 },
      { count: 1, of: 4 },
    ],
  })
  const firstBytes = [0, 1, 2, 3].map((cell) => strips.pixels[cell * 4 * PIXELS])
  expect(firstBytes).toEqual([0, 100, 1, 101])
  expect(strips.pixels).toHaveLength(4 * 4 * PIXELS)
})
