import { expect, test } from 'vitest'
import { classColours } from './palette.ts'
import { fill, rgbOfHex, Stamper, type Raster } from './raster.ts'

const white = [255, 255, 255] as const
const raster = (width: number, height: number): Raster => {
  const picture = { words: new Uint32Array(width * height), width, height }
  fill(picture, white)
  return picture
}
const pixel = ({ words, width }: Raster, x: number, y: number) => {
  const word = words[y * width + x]!
  return [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]
}
const stamper = new Stamper(classColours.light, 3)

test('a mark has its colour in the middle and leaves the rest alone', () => {
  const picture = raster(21, 21)
  stamper.stamp(picture, 3, { x: 10.5, y: 10.5 })
  const [r, g, b] = rgbOfHex(classColours.light[3]!)
  const mixed = [r, g, b].map((value) => 255 + (value - 255) * 0.85)
  pixel(picture, 10, 10).forEach((value, at) =>
    expect(Math.abs(value - (mixed[at] ?? 255))).toBeLessThanOrEqual(2),
  )
  expect(pixel(picture, 5, 10)).toEqual([...white, 255])
  // Symmetric about its middle.
  expect(pixel(picture, 7, 10)).toEqual(pixel(picture, 13, 10))
  expect(pixel(picture, 10, 7)).toEqual(pixel(picture, 10, 13))
})

test('animals are discs and vehicles are squares', () => {
  const black = new Stamper(new Array<string>(10).fill('#000000'), 3)
  const corner = (label: number) => {
    const picture = raster(21, 21)
    black.stamp(picture, label, { x: 10.5, y: 10.5 })
    return pixel(picture, 13, 13)[0]!
  }
  expect(corner(8)).toBeLessThan(corner(6))
})

test('marks at the border and beyond are cut off, and change no other row', () => {
  const picture = raster(9, 9)
  for (const spot of [
    { x: 0, y: 4 },
    { x: -50, y: 4 },
    { x: 4, y: 900 },
  ])
    stamper.stamp(picture, 4, spot)
  expect(pixel(picture, 0, 4)).not.toEqual([...white, 255])
  expect(pixel(picture, 8, 4)).toEqual([...white, 255])
  expect(pixel(picture, 8, 3)).toEqual([...white, 255])
  expect(picture.words).toHaveLength(81)
})
