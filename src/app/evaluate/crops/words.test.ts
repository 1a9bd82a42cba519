import { expect, test } from 'vitest'
import type { RankedCrop } from '../../../results.ts'
import { cropText, frameStyle, spreadText, windowStyle } from './words.ts'

const box = { top: 8, left: 4, height: 16, width: 20 }
const crops: RankedCrop[] = [0.95, 0.9, 0.7512, -0.2].map((cosine) => ({ box, cosine }))

test('a crop in words: its rank, its likeness, its place', () => {
  expect(cropText(crops, 2)).toBe('Crop 3 of 4: cosine 0.751, 20 × 16 pixels from column 4, row 8.')
})

test('how far the crops differ', () => {
  expect(spreadText(crops)).toBe('Best 0.950, median 0.751, worst -0.200.')
  expect(spreadText(crops.slice(0, 1))).toBe('Best 0.950, median 0.950, worst 0.950.')
})

test('a frame lies over its part of the picture', () => {
  expect(frameStyle(box, 32)).toEqual({ top: '25%', left: '12.5%', height: '50%', width: '62.5%' })
})

test('a window shows its part of the picture alone', () => {
  const style = windowStyle(box, 32)
  // In a window of 100 × 100 the picture is so large that the part fills it, and moved so far.
  expect(style).toEqual({ top: '-50%', left: '-20%', height: '200%', width: '160%' })
})
