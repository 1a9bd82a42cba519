import { expect, it } from 'vitest'
import type { TablesSnapshot } from '../../../tables.ts'
import {
  coursePath,
  heightOf,
  rangeOfEntry,
  shortText,
  signedText,
  tintOf,
  topOf,
} from './matrixLook.ts'

const snapshots = (...values: readonly (readonly number[])[]): TablesSnapshot[] =>
  values.map((row, place) => ({
    from: 10 * place + 1,
    step: 10 * place + 10,
    values: { skip: Float64Array.from(row) },
  }))

it('a tint says the sign by its colour and the size by its strength', () => {
  const [none, half, full, beyond, below] = [0, 0.2, 0.4, 9, -0.4].map((value) =>
    tintOf(value, 0.4),
  )
  const percent = (text = '') => Number(/([\d.]+)%/.exec(text)?.[1])
  expect(percent(none)).toBe(0)
  expect(percent(half)).toBeCloseTo(percent(full) / 2)
  expect(beyond).toBe(full)
  expect(percent(below)).toBe(percent(full))
  expect(below).not.toBe(full)
  expect(percent(tintOf(0, 0))).toBe(0)
})

it('numbers have their sign, except nought', () => {
  expect([0.1234, -0.04512, 0].map(signedText)).toEqual(['+0.123', '−0.0451', '0'])
  expect([0.126, -0.126, -0.004, 0].map(shortText)).toEqual(['+0.13', '−0.13', '0.00', '0.00'])
})

it('the scale is that of the whole course', () => {
  expect(topOf(snapshots([0.1, -0.5], [0.2, 0.3]), 'skip')).toBe(0.5)
  expect(topOf([], 'skip')).toBe(0)
})

it('a course goes from side to side, within the range', () => {
  const three = snapshots([0, 1], [1, 1], [-1, 1])
  expect(rangeOfEntry(three, 'skip', 0)).toEqual([-1, 1])
  expect(coursePath(three, 'skip', 0, [-1, 1])).toBe('M0.0,50.0L50.0,6.0L100.0,94.0')
  expect(coursePath(three, 'skip', 0, [-1, 3])).toBe('M0.0,72.0L50.0,50.0L100.0,94.0')
  expect(coursePath(snapshots([1]), 'skip', 0, [-1, 1])).toBe('')
  expect(heightOf(3, [3, 3])).toBe(50)
})

it('a long course keeps its ends with fewer points', () => {
  const long = snapshots(...Array.from({ length: 200 }, (_, place) => [place / 199]))
  const path = coursePath(long, 'skip', 0, [-1, 1])
  expect(path.startsWith('M0.0,50.0L')).toBe(true)
  expect(path.endsWith('L100.0,6.0')).toBe(true)
  expect(path.split('L').length).toBeLessThanOrEqual(52)
})
