import { describe, expect, test } from 'vitest'
import { classColours, shapeOf } from './palette.ts'

type Colour = readonly [number, number, number]
type Matrix = readonly [Colour, Colour, Colour]

const linear = (value: number) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4

const read = (hex: string): Colour => {
  const part = (at: number) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)
  return [part(1), part(3), part(5)]
}

const luminance = ([r, g, b]: Colour) => 0.2126 * r + 0.7152 * g + 0.0722 * b

const contrast = (a: Colour, b: Colour) => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

/** How colours look without one kind of cone: Machado, Oliveira and Fernandes, 2009, severity 1, on linear RGB. */
const visions: Readonly<Record<string, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const seen = (matrix: Matrix, colour: Colour) =>
  matrix.map((row) => {
    const value = row.reduce((sum, weight, at) => sum + weight * colour[at]!, 0)
    return Math.min(1, Math.max(0, value))
  }) as unknown as Colour

/** OKLab, in which distances are about as large as they look. */
const oklab = ([r, g, b]: Colour): Colour => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

const distance = (a: Colour, b: Colour) => {
  const [x, y] = [oklab(a), oklab(b)]
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2])
}

describe.each([
  ['light', '#ffffff'],
  ['dark', '#1c1b18'],
] as const)('on the %s page', (scheme, ground) => {
  const colours = classColours[scheme].map(read)
  const pairs = colours.flatMap((_, i) => colours.slice(0, i).map((__, j) => [i, j] as const))

  test('each class stands out from the ground', () => {
    expect(colours).toHaveLength(10)
    for (const colour of colours) expect(contrast(colour, read(ground))).toBeGreaterThanOrEqual(3)
  })

  test('any two classes look different', () => {
    for (const [i, j] of pairs)
      expect(distance(colours[i]!, colours[j]!), `${i} and ${j}`).toBeGreaterThan(0.15)
  })

  test.each(Object.entries(visions))('classes of one shape look different with %s', (_, vision) => {
    for (const [i, j] of pairs.filter(([a, b]) => shapeOf(a) === shapeOf(b)))
      expect(
        distance(seen(vision, colours[i]!), seen(vision, colours[j]!)),
        `${i} and ${j}`,
      ).toBeGreaterThan(0.1)
  })
})
