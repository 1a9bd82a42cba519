import { expect, it } from 'vitest'
import { TrainingClock } from './clock.ts'

/** A clock whose time is set by hand, in milliseconds. */
function handClock(seconds = 0) {
  let time = 0
  const clock = new TrainingClock(seconds, () => time)
  const endAt = (moment: number, began: number) => {
    time = moment
    clock.stepEnded(began)
  }
  return { clock, endAt }
}

it('counts the time of steps, not the pauses between them', () => {
  const { clock, endAt } = handClock(100)
  expect(clock.rate).toBe(0)
  endAt(2000, 0)
  expect(clock.seconds).toBe(102)
  // A pause of a minute, then one step of half a second.
  endAt(62_500, 62_000)
  expect(clock.seconds).toBe(102.5)
})

it('counts overlapping steps once', () => {
  const { clock, endAt } = handClock()
  endAt(1000, 0)
  endAt(2000, 500)
  endAt(3000, 1500)
  expect(clock.seconds).toBe(3)
})

it('forgets the first step, which compiles, and averages the others', () => {
  const { clock, endAt } = handClock()
  endAt(10_000, 0)
  expect(clock.rate).toBeCloseTo(0.1, 12)
  endAt(10_250, 10_000)
  expect(clock.rate).toBeCloseTo(4, 12)
  endAt(10_750, 10_250)
  expect(clock.rate).toBeCloseTo(1 / (0.9 * 0.25 + 0.1 * 0.5), 12)
})
