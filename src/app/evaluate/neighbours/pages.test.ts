import { expect, test } from 'vitest'
import { columnsFor, pageOf } from './pages.ts'

test('a page holds 48 test images, fewer at the end', () => {
  expect(pageOf(48)).toHaveLength(48)
  expect(pageOf(48)[0]).toEqual({ split: 'test', index: 48 })
  expect(pageOf(9990).map(({ index }) => index)).toEqual([
    9990, 9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999,
  ])
})

test('rows are even and fit the panel', () => {
  expect(columnsFor(724, 48)).toBe(16)
  expect(columnsFor(860, 48)).toBe(24)
  expect(columnsFor(358, 48)).toBe(8)
  expect(columnsFor(358, 5)).toBe(5)
  expect(columnsFor(100, 48)).toBe(2)
  expect(columnsFor(100, 0)).toBe(1)
})
