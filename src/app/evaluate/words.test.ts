import { expect, test } from 'vitest'
import { comparison, labelOf, pointsText, progressText, rowShares } from './words.ts'

test('differences carry a sign unless there is none', () => {
  expect(pointsText(6.13)).toBe('+6.1 points')
  expect(pointsText(-0.44)).toBe('−0.4 points')
  expect(pointsText(-0.04)).toBe('0.0 points')
})

test('accuracies are compared in words', () => {
  expect(comparison(43.3, 37.2, 'raw pixels')).toBe('6.1 points above raw pixels')
  expect(comparison(30, 37.2, 'raw pixels')).toBe('7.2 points below raw pixels')
  expect(comparison(37.21, 37.2, 'raw pixels')).toBe('level with raw pixels')
})

test('representations of other networks go by their ids', () => {
  const known = { id: 'class', label: 'Class token', help: '', network: 'encoder', online: true }
  expect(labelOf([known as never], 'class')).toBe('Class token')
  expect(labelOf([known as never], 'layer9')).toBe('layer9')
})

test('rows of a confusion table become shares, also where a class has no image', () => {
  expect(
    rowShares([
      [3, 1],
      [0, 0],
    ]),
  ).toEqual([
    [75, 25],
    [0, 0],
  ])
})

test('progress says what is done and how far it has come', () => {
  expect(progressText('waiting')).toBe('Waits for its turn…')
  expect(progressText({ stage: 'Bank', done: 2, total: 3 })).toBe('Bank, 66 %')
  expect(progressText({ stage: 'Bank', done: 0, total: 0 })).toBe('Bank, 0 %')
})
