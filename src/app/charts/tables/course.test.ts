import { expect, it } from 'vitest'
import type { TableDescription, TablesSnapshot } from '../../../tables.ts'
import { firstWindow, WINDOW, windowText, windowTo, type Course } from './course.ts'

const described: readonly TableDescription[] = [
  { key: 'means', label: '', help: '', kind: 'means', columns: { label: '', at: [0] } },
  { key: 'matrix', label: '', help: '', kind: 'matrix', columns: { label: '', at: [0] } },
]

/** Each step adds 1 to the sum and to the count; the matrix holds the last step. */
const snapshot = (from: number, step: number): TablesSnapshot => ({
  from,
  step,
  values: {
    means: Float64Array.of(step - from + 1, step - from + 1),
    matrix: Float64Array.of(step),
  },
})

/** Snapshots of ten steps each. */
const course = (count: number, changes: readonly number[] = []): Course => ({
  described,
  snapshots: Array.from({ length: count }, (_, i) => snapshot(10 * i + 1, 10 * i + 10)),
  changes,
})

it('a window has as many steps as there are, up to its size, and ends where it should', () => {
  expect(windowTo(course(20), 19)).toEqual(snapshot(151, 200))
  expect(windowTo(course(20), 9)).toEqual(snapshot(51, 100))
  expect(windowTo(course(20), 2)).toEqual(snapshot(1, 30))
})

it('a snapshot of many steps is a window of its own', () => {
  const long = { ...course(0), snapshots: [snapshot(1, 300), snapshot(301, 700)] }
  expect(windowTo(long, 1)).toEqual(snapshot(301, 700))
})

it('a window does not reach over a live change; the snapshot in which it happened is one of its own', () => {
  // The change took effect with the first step of a snapshot, then inside one.
  expect(windowTo(course(20, [171]), 19)).toEqual(snapshot(171, 200))
  expect(windowTo(course(20, [175]), 19)).toEqual(snapshot(181, 200))
  expect(windowTo(course(20, [175]), 17)).toEqual(snapshot(171, 180))
})

it('the first window is before the later one, or is not there', () => {
  expect(firstWindow(course(20), snapshot(151, 200))).toEqual(snapshot(1, WINDOW))
  expect(firstWindow(course(20), snapshot(31, 80))).toEqual(snapshot(1, 30))
  expect(firstWindow(course(20, [25]), snapshot(151, 200))).toEqual(snapshot(1, 20))
  expect(firstWindow(course(3), snapshot(1, 30))).toBeNull()
})

it('says of which steps a window is', () => {
  expect(windowText(snapshot(151, 200), true)).toBe('last 50 steps')
  expect(windowText(snapshot(1, 1), true)).toBe('last step')
  expect(windowText(snapshot(1951, 2000), false)).toBe('steps 1,951 to 2,000')
  expect(windowText(snapshot(7, 7), false)).toBe('step 7')
})
