import { expect, it } from 'vitest'
import { RecentTimes } from './recentTimes.ts'

it('knows the median of the last times', () => {
  const times = new RecentTimes()
  expect(times.median).toBeNull()
  for (const time of [900, 2, 3]) times.add(time)
  expect(times.median).toBe(3)
  for (let i = 0; i < 31; i++) times.add(10 + i)
  expect(times.median).toBe(25)
})
