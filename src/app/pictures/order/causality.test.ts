import { describe, expect, test } from 'vitest'
import { orderPicture } from '../../../store/testing/orderPicture.ts'
import type { CheckedOrder } from '../../../store/session.ts'
import { findingsOf, heightOf, movedIn, paintChanges, trialAt, worstOf } from './causality.ts'

const checkedAs = (check: 'healthy' | 'leak' | 'still') => orderPicture({ check }) as CheckedOrder

describe('findings', () => {
  test('are causal where only later segments move', () => {
    const { verdict, forbidden, allowed, leaks, largest } = findingsOf(checkedAs('healthy'))
    expect({ verdict, forbidden, leaks }).toEqual({ verdict: 'causal', forbidden: 0, leaks: [] })
    expect(allowed).toBeCloseTo(0.4)
    // [trial, rank]: from rank 1, 2 and 3 on.
    expect([...largest].map((change) => Number(change.toFixed(2)))).toEqual([
      ...[0, 0, 0.3, 0.4],
      ...[0, 0, 0, 0.4],
      ...[0, 0, 0, 0],
    ])
  })

  test('are a leak where a prediction sees its own segment', () => {
    const { verdict, forbidden, leaks } = findingsOf(checkedAs('leak'))
    expect(verdict).toBe('leak')
    expect(forbidden).toBe(0.25)
    expect(leaks.map(({ from, rank }) => [from, rank])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  test('count nothing as a leak that is within the tolerance', () => {
    const checked = checkedAs('healthy')
    const moved = checked.causality.moved.map((change) => (change === 0 ? 5e-7 : change))
    const { verdict, forbidden } = findingsOf({
      ...checked,
      causality: { ...checked.causality, moved },
    })
    expect(verdict).toBe('causal')
    expect(forbidden).toBeCloseTo(5e-7)
  })

  test('say nothing where nothing moves', () => {
    expect(findingsOf(checkedAs('still')).verdict).toBe('still')
  })
})

test('the changes of a trial are those of its cells', () => {
  const moved = movedIn(checkedAs('leak'), 1)
  expect(moved).toHaveLength(16)
  expect([moved[0], moved[10]]).toEqual([0, 0.25])
})

test('a rank belongs to the last trial that begins no later', () => {
  const from = Uint16Array.of(0, 4, 9)
  expect([0, 3, 4, 8, 9, 30].map((rank) => trialAt(from, rank))).toEqual([0, 0, 1, 1, 2, 2])
  expect(trialAt(Uint16Array.of(1, 2), 0)).toBe(0)
})

test('colours go by powers of ten from the tolerance to the largest change', () => {
  expect(heightOf(0, 1e-6, 1)).toBe(0)
  expect(heightOf(1e-6, 1e-6, 1)).toBe(0)
  expect(heightOf(1e-3, 1e-6, 1)).toBeCloseTo(0.5)
  expect(heightOf(1, 1e-6, 1)).toBe(1)
})

test('changes within the tolerance have no colour', () => {
  const pixels = paintChanges(Float32Array.of(0, 1e-6, 1e-3, 1), 1e-6, 1)
  expect([3, 7, 11, 15].map((at) => pixels[at])).toEqual([0, 0, 255, 255])
  expect([...pixels.subarray(8, 11)]).not.toEqual([...pixels.subarray(12, 15)])
})

test('a trial is told by what moved most of all that must not', () => {
  const found = findingsOf(checkedAs('leak'))
  expect(worstOf(found, 2, 1, 4)).toEqual({ trial: 1, from: 2, rank: 2, moved: 0.25 })
  const healthy = findingsOf(checkedAs('healthy'))
  expect(worstOf(healthy, 1, 0, 4)).toEqual({ trial: 0, from: 1, rank: 1, moved: 0 })
})
