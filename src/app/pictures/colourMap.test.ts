import { describe, expect, it } from 'vitest'
import { colourGradient, colourTable, paintValues } from './colourMap.ts'

const light = (byte: number) =>
  byte <= 10.31475 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4

const luminance = (entry: number) =>
  0.2126 * light(colourTable[entry * 4]!) +
  0.7152 * light(colourTable[entry * 4 + 1]!) +
  0.0722 * light(colourTable[entry * 4 + 2]!)

describe('colourTable', () => {
  it('gets lighter with every entry', () => {
    for (let entry = 1; entry < 256; entry++)
      expect(luminance(entry)).toBeGreaterThan(luminance(entry - 1))
  })

  it('spans nearly all of the luminance range', () => {
    expect(luminance(0)).toBeLessThan(0.02)
    expect(luminance(255)).toBeGreaterThan(0.8)
  })

  it('rises evenly in perceived lightness', () => {
    const lightness = (entry: number) => 116 * Math.cbrt(luminance(entry)) - 16
    const steps = Array.from(
      { length: 15 },
      (_, i) => lightness((i + 2) * 15) - lightness((i + 1) * 15),
    )
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(2)
  })

  it('is colourful in the middle', () => {
    const [red, green, blue] = colourTable.subarray(128 * 4, 128 * 4 + 3)
    expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeGreaterThan(60)
  })
})

describe('paintValues', () => {
  const entry = (i: number) => [...colourTable.subarray(i * 4, i * 4 + 3), 255]

  it('spreads the range over all colours', () => {
    const pixels = paintValues(Float32Array.of(1, 1.25, 1.5), { bottom: 1, top: 1.5 })
    expect([...pixels]).toEqual([...entry(0), ...entry(128), ...entry(255)])
  })

  it('clamps what lies outside, and NaN', () => {
    const pixels = paintValues(Float32Array.of(-1, 7, NaN), { bottom: 0, top: 1 })
    expect([...pixels]).toEqual([...entry(0), ...entry(255), ...entry(0)])
  })

  it('leaves out what has no value', () => {
    const pixels = paintValues(Float32Array.of(1, 0), { bottom: 0, top: 1 }, Uint8Array.of(1, 0))
    expect([...pixels]).toEqual([...entry(255), 0, 0, 0, 0])
  })

  it('paints the darkest colour where nothing stands out', () => {
    expect([...paintValues(Float32Array.of(3), { bottom: 3, top: 3 })]).toEqual(entry(0))
  })
})

it('draws a legend from the darkest to the lightest colour', () => {
  expect(colourGradient).toContain(`rgb(${colourTable.subarray(0, 3).join(' ')})`)
  expect(colourGradient).toContain(`rgb(${colourTable.subarray(1020, 1023).join(' ')})`)
})
