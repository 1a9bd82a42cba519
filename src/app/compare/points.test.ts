import { expect, test } from 'vitest'
import type { CurvePoint } from '../../store/comparison/curves.ts'
import { chartPoints } from './points.ts'

const curve = (...pairs: readonly (readonly [number, number])[]): readonly CurvePoint[] =>
  pairs.map(([x, value]) => ({ step: x, x, value, low: value - 1, high: value + 1 }))

test('curves with places of their own share all places, as far as each reaches', () => {
  const points = chartPoints([
    { key: 'a', points: curve([0, 10], [4, 30]) },
    { key: 'b', points: curve([2, 5], [6, 5]) },
  ])
  expect(points).toEqual([
    { x: 0, a: 10, aRange: [9, 11], b: null, bRange: null },
    { x: 2, a: 20, aRange: [19, 21], b: 5, bRange: [4, 6] },
    { x: 4, a: 30, aRange: [29, 31], b: 5, bRange: [4, 6] },
    { x: 6, a: null, aRange: null, b: 5, bRange: [4, 6] },
  ])
})

test('too many places are thinned out, but no curve loses its end', () => {
  const long = (by: number): readonly CurvePoint[] =>
    curve(...Array.from({ length: 2000 }, (_, at) => [at * by, at] as const))
  const points = chartPoints([
    { key: 'a', points: long(1) },
    { key: 'b', points: long(1.001) },
  ])
  expect(points.length).toBeLessThan(450)
  expect(points.filter(({ a }) => a === 1999)).toHaveLength(1)
  expect(points.at(-1)).toMatchObject({ b: 1999 })
})
