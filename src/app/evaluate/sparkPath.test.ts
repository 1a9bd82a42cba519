import { expect, test } from 'vitest'
import { sparkPath, sparkScale } from './sparkPath.ts'

test('values from 0 to the highest fill the box, steps its width', () => {
  const scale = sparkScale([500, 1000, 2000], [0, 8, 4])
  expect([500, 1250, 2000].map(scale.x)).toEqual([0, 50, 100])
  expect([0, 4, 8].map(scale.y)).toEqual([96, 50, 4])
  expect(sparkPath([500, 1000, 2000], [0, 8, 4], scale)).toBe('M0.0,96.0L33.3,4.0L100.0,50.0')
})

test('one value is a line across; values that are all nought lie at the bottom', () => {
  const scale = sparkScale([500], [0])
  expect(scale.x(500)).toBe(0)
  expect(sparkPath([500], [0], scale)).toBe('M0,96.0H100')
})
