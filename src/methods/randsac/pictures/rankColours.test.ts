import { expect, test } from 'vitest'
import { rankColour, type Colour } from './rankColours.ts'

/** How light a colour is, 0 to 1 (WCAG). */
function lightness(colour: Colour): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

test.each([2, 3, 4, 16, 64, 1024])('every one of %i ranks is lighter than the one before', (n) => {
  const all = Array.from({ length: n }, (_, rank) => lightness(rankColour(rank, n)))
  expect(all).toEqual(all.toSorted((a, b) => a - b))
  expect(new Set(all).size).toBe(n)
})

test('ends of the ramp, also of a single segment', () => {
  expect(rankColour(0, 9)).toEqual(rankColour(0, 1))
  expect(lightness(rankColour(0, 9))).toBeLessThan(0.05)
  expect(lightness(rankColour(8, 9))).toBeGreaterThan(0.7)
})
