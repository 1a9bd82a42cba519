import { expect, test, vi } from 'vitest'
import { createTicker } from './ticker.ts'

/** Display frames by hand. */
function setUp() {
  let pending: ((now: number) => void) | null = null
  let now = 0
  const ticker = createTicker({
    request: (callback) => {
      pending = callback
      return 1
    },
    cancel: () => {
      pending = null
    },
  })
  const frames = (count: number, milliseconds: number): void => {
    for (let frame = 0; frame < count; frame++) {
      now += milliseconds
      const callback = pending
      pending = null
      callback?.(now)
    }
  }
  return { ticker, frames, isResting: () => pending === null }
}

test('calls each listener at most four times a second, in turn', () => {
  const { ticker, frames } = setUp()
  const calls: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) ticker.add(() => calls.push(name))
  frames(125, 16)
  for (const name of ['a', 'b', 'c', 'd']) {
    const count = calls.filter((call) => call === name).length
    expect(count).toBeGreaterThanOrEqual(6)
    expect(count).toBeLessThanOrEqual(8)
  }
})

test('never calls two in the same frame, even when frames are late', () => {
  const { ticker, frames } = setUp()
  const calls: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) ticker.add(() => calls.push(name))
  frames(4, 5000)
  expect(calls).toHaveLength(4)
  expect(new Set(calls).size).toBe(4)
})

test('rests when no one listens', () => {
  const { ticker, frames, isResting } = setUp()
  expect(isResting()).toBe(true)
  const listener = vi.fn()
  const remove = ticker.add(listener)
  frames(1, 1000)
  expect(listener).toHaveBeenCalledOnce()
  remove()
  expect(isResting()).toBe(true)
  frames(3, 1000)
  expect(listener).toHaveBeenCalledOnce()
})
