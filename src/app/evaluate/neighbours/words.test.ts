import { expect, test } from 'vitest'
import { addressText, shareText } from './words.ts'

const of = (...labels: number[]) => labels.map((label, index) => ({ label, index, distance: 0 }))

test('the share of neighbours of the same class, in words', () => {
  expect(shareText(of(6, 6, 3, 6), 6)).toBe('3 of 4 are frogs, too.')
  expect(shareText(of(4, 4), 4)).toBe('2 of 2 are deer, too.')
  expect(shareText(of(6, 1, 1), 6)).toBe('1 of 3 is of class frog, too.')
  expect(shareText(of(1, 1), 6)).toBe('None of 2 is of class frog.')
  expect(shareText([], 6)).toBe('No image to compare with.')
})

test('an image is named by its class, as soon as that is known', () => {
  expect(addressText({ split: 'test', index: 17 }, 6)).toBe('frog, test image 17')
  expect(addressText({ split: 'train', index: 3 }, undefined)).toBe('training image 3')
})
