import { expect, it } from 'vitest'
import { TimeShare } from './timeShare.ts'

/** Time that other work gets beside steps of a length, with slices of another length; milliseconds. */
function workBeside(share: TimeShare, step: number, slice: number, total: number): number {
  let [now, worked] = [0, 0]
  while (now < total) {
    while (share.isOpen && now < total) {
      share.worked(slice)
      worked += slice
      now += slice
    }
    share.trained(step)
    now += step
  }
  return worked
}

it.each([
  ['short slices between long steps', 5000, 100],
  ['long slices between short steps', 10, 300],
  ['slices as long as steps', 50, 50],
])('gives a quarter of the time: %s', (_, step, slice) => {
  const share = new TimeShare(1 / 4, Infinity)
  expect(workBeside(share, step, slice, 200_000) / 200_000).toBeCloseTo(1 / 4, 1)
})

it('does not save up what is not used', () => {
  const share = new TimeShare(1 / 4, Infinity)
  for (let step = 0; step < 100; step++) share.trained(300)
  share.worked(101)
  expect(share.isOpen).toBe(false)
})

it('waits only so long, whatever the work took', () => {
  const share = new TimeShare(1 / 4, 8000)
  share.worked(60_000)
  share.trained(7900)
  expect(share.isOpen).toBe(false)
  share.trained(200)
  expect(share.isOpen).toBe(true)
  share.worked(60_000)
  share.reset()
  expect(share.isOpen).toBe(true)
})
