import { describe, expect, test } from 'vitest'
import { centred, ringMeans, ringRadii } from './rings.ts'

describe('centred', () => {
  test('frequency 0 lies in the middle, the highest one of an even side before it', () => {
    const plane = Float32Array.from({ length: 16 }, (_, i) => i)
    // Frequencies −2, −1, 0, 1 a direction.
    expect([...centred(plane, 4)]).toEqual([10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5])
  })

  test('of an odd side, the middle is the middle', () => {
    const plane = Float32Array.from({ length: 9 }, (_, i) => i)
    expect([...centred(plane, 3)]).toEqual([8, 6, 7, 2, 0, 1, 5, 3, 4])
  })
})

describe('rings', () => {
  test('of 4 × 4: the middle, its eight neighbours, and what lies farther', () => {
    // Distances: √8 √5 2 √5 | √5 √2 1 √2 | 2 1 0 1 | √5 √2 1 √2.
    const plane = Float32Array.of(8, 1, 2, 3, 4, 10, 20, 30, 5, 40, 9, 50, 6, 60, 70, 80)
    const means = [9, 45, (8 + 1 + 2 + 3 + 4 + 5 + 6) / 7].map(Math.fround)
    expect([...ringMeans(plane, 4)]).toEqual(means)
    expect(ringRadii(4)).toEqual([0, 1, 2])
  })

  test('a plane that is its own distance from the middle has means within half a cycle of the radii, but for the last', () => {
    const plane = Float32Array.from({ length: 32 * 32 }, (_, i) =>
      Math.hypot(Math.floor(i / 32) - 16, (i % 32) - 16),
    )
    const radii = ringRadii(32)
    expect(radii).toHaveLength(23)
    const means = ringMeans(plane, 32)
    expect(means).toHaveLength(23)
    radii.forEach((radius, ring) => {
      expect(Math.abs(means[ring]! - radius)).toBeLessThanOrEqual(0.5 + Number(ring === 22) / 8)
    })
  })
})
