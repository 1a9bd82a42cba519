import { expect, test } from 'vitest'
import { paceOf } from './pace.ts'

test.each([
  ['slow', 24],
  ['normal', 10],
  ['fast', 4],
] as const)('%s plays a whole order in about %i seconds', (speed, seconds) => {
  for (const segments of [16, 64, 256, 1024]) {
    const { interval, stride } = paceOf(segments, speed, false)
    expect(interval).toBeGreaterThanOrEqual(40)
    const whole = (Math.ceil(segments / stride) * interval) / 1000
    expect(whole).toBeLessThanOrEqual(seconds + 0.1)
    expect(whole).toBeGreaterThan(seconds / 2)
  }
})

test('a few segments do not stay for long', () => {
  expect(paceOf(4, 'slow', false)).toEqual({ interval: 1500, stride: 1 })
})

test('little motion is one change a second at most', () => {
  expect(paceOf(16, 'fast', true)).toEqual({ interval: 1000, stride: 1 })
  expect(paceOf(1024, 'fast', true)).toEqual({ interval: 1000, stride: 18 })
})
