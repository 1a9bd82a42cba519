import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatRate, formatSeconds, formatWork } from './format.ts'

test('bytes', () => {
  expect([0, 1, 45_123, 3_210_000, 412_400_000, 1_240_000_000].map(formatBytes)).toEqual([
    '0 kB',
    '1 kB',
    '46 kB',
    '3.2 MB',
    '412 MB',
    '1.24 GB',
  ])
})

test('rates', () => {
  expect([0, 5.254, 48.27, 2412.4].map(formatRate)).toEqual(['0.00', '5.25', '48.3', '2,412'])
})

test('counts', () => {
  expect([312, 9999, 46_300, 2_712_345, 21_300_000, 27_709e6].map(formatCount)).toEqual([
    '312',
    '9,999',
    '46 k',
    '2.7 M',
    '21 M',
    '27.7 G',
  ])
})

test('work, in full as long as one could count it', () => {
  expect([195, 19_500, 139_000_000].map(formatWork)).toEqual(['195', '19,500', '139 M'])
})

test('spans of time', () => {
  expect([-3, 8.4, 59.4, 59.6, 125, 3725].map(formatSeconds)).toEqual([
    '0 s',
    '8 s',
    '59 s',
    '1:00',
    '2:05',
    '1:02:05',
  ])
})
