import { expect, it } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { labelsOf } from './labels.ts'

const images = (...labels: number[]) => ({
  count: labels.length,
  pixels: new Uint8Array(),
  labels: Uint8Array.from(labels),
})

it('gives the classes of the first images', () => {
  expect([...labelsOf(images(3, 0, 9, 255), 3, 'test images')]).toEqual([3, 0, 9])
})

it.each([
  ['a label is no class', images(3, 10), 2],
  ['there are fewer labels than images', images(3), 2],
  ['there are no images', images(), 0],
])('says what is missing when %s', (_, of, count) => {
  expect(() => labelsOf(of, count, 'test images')).toThrow(PeekabooError)
  expect(() => labelsOf(of, count, 'test images')).toThrow('no labels for the test images')
})
