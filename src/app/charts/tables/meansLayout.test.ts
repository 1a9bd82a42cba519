import { expect, it } from 'vitest'
import { columnScale, filledColumns, nearestColumn } from './meansLayout.ts'

const ranks = { label: 'Rank', at: [0, 1, 2, 3] }
const distances = { label: 'Distance', at: [0, 0.5, 1, 1.5, 2] }

it('columns into which nothing has fallen are left out', () => {
  expect(filledColumns(Float64Array.of(0, 6, 0, 5, 0, 4, 0, 10), ranks)).toEqual([
    { at: 1, mean: 1.5, count: 4 },
    { at: 3, mean: 0.5, count: 10 },
  ])
})

it('a mean that is no number is left out', () => {
  expect(filledColumns(Float64Array.of(0, NaN, Infinity, 5, 1, 4, 1, 10), ranks)).toEqual([
    { at: 0, mean: 0, count: 1 },
    { at: 3, mean: 0.5, count: 10 },
  ])
})

const columns = (...places: number[]) => places.map((at) => ({ at, mean: 1, count: 1 }))

it('ticks are round, within the columns, and whole where columns are', () => {
  expect(columnScale(columns(1, 2, 3), ranks)).toEqual({ domain: [1, 3], ticks: [1, 2, 3] })
  expect(columnScale(columns(0.5, 1, 2), distances)).toEqual({
    domain: [0.5, 2],
    ticks: [0.5, 1, 1.5, 2],
  })
  expect(columnScale(columns(1, 15, 63), ranks).ticks).toEqual([20, 40, 60])
})

it('a single column stands in the middle', () => {
  expect(columnScale(columns(3), ranks)).toEqual({ domain: [2, 4], ticks: [3] })
})

it('the nearest column is found, the first of two that are as near', () => {
  expect(nearestColumn(columns(1, 3, 7), 4.9)?.at).toBe(3)
  expect(nearestColumn(columns(1, 3, 7), 5.1)?.at).toBe(7)
  expect(nearestColumn(columns(1, 3), 2)?.at).toBe(1)
  expect(nearestColumn([], 2)).toBeUndefined()
})
