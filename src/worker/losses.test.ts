import { expect, it } from 'vitest'
import { HELD_SECONDS, Losses } from './losses.ts'

function setUp() {
  let time = 0
  const losses = new Losses(() => time)
  /** The GPU is lost, and the run goes on with another one. */
  const lose = (keptStep: number, step: number, seconds = 1): number => {
    time += 1000 * seconds
    const count = losses.note({ keptStep, step })
    losses.resumed()
    return count
  }
  return { losses, lose }
}

it('counts losses between which the run was not kept any further', () => {
  const { lose } = setUp()
  expect([lose(10, 15), lose(10, 13), lose(15, 15)]).toEqual([1, 2, 3])
})

it('begins anew when the run was kept beyond every step that was lost before', () => {
  const { lose } = setUp()
  expect([lose(0, 15), lose(10, 13), lose(14, 18), lose(19, 19), lose(20, 25)]).toEqual([
    1, 2, 3, 1, 1,
  ])
})

it('begins anew when the GPU has held for a while, as that of a run that rests', () => {
  const { lose } = setUp()
  expect([lose(5, 5), lose(5, 5, HELD_SECONDS - 1), lose(5, 5, HELD_SECONDS)]).toEqual([1, 2, 1])
})

it('forgets the row when the person tries again', () => {
  const { losses, lose } = setUp()
  expect([lose(5, 5), lose(5, 5)]).toEqual([1, 2])
  losses.forget()
  expect(lose(5, 5)).toBe(1)
})
