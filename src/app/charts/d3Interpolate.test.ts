import { expect, test } from 'vitest'
import { interpolate, interpolateNumber, interpolateRound, piecewise } from './d3Interpolate.ts'

test('goes from one number to another, and reaches both', () => {
  const between = interpolate(0.1, 0.3)
  expect([between(0), between(0.5), between(1)]).toEqual([0.1, 0.2, 0.3])
  expect(interpolateRound(1, 4)(0.5)).toBe(3)
})

test('goes through several numbers', () => {
  const through = piecewise(interpolateNumber, [0, 10, 100])
  expect([0, 0.25, 0.5, 0.75, 1].map(through)).toEqual([0, 5, 10, 55, 100])
})
