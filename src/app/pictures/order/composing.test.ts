import { expect, test } from 'vitest'
import { orderPicture } from '../../../store/testing/orderPicture.ts'
import { contextOf, generatedTo, guessOf, truthOf, veilOver } from './composing.ts'

const picture = orderPicture({ size: 8, rollOut: true })

/** What is in the first pixel of each cell: the image, the prediction, the roll-out, or nothing. */
function sources(pixels: Uint8ClampedArray): string {
  return Array.from(picture.ranks, (rank, cell) => {
    const at = (Math.floor(cell / 4) * 2 * 8 + (cell % 4) * 2) * 4
    if (pixels[at + 3] === 0) return '.'
    if (pixels[at] === cell) return 'i'
    if (pixels[at] === 100 + rank) return 'p'
    return pixels[at] === 200 + rank ? 'r' : '?'
  }).join('')
}

test('a step shows what is seen, what is predicted from it, and what is there', () => {
  // Segments, by rank: 1 1 3 3 / 1 1 3 3 / 0 0 2 2 / 0 0 2 2
  expect(sources(contextOf(picture, 2))).toBe('ii..ii..ii..ii..')
  expect(sources(guessOf(picture, 2))).toBe('ii..ii..iippiipp')
  expect(sources(truthOf(picture, 2))).toBe('ii..ii..iiiiiiii')
})

test('the first segment is given, not predicted', () => {
  expect(sources(contextOf(picture, 0))).toBe('................')
  expect(sources(guessOf(picture, 0))).toBe('........ii..ii..')
})

test('a whole image is generated from the given segment on', () => {
  expect(sources(generatedTo(picture, picture.predicted, 1))).toBe('pp..pp..ii..ii..')
  expect(sources(generatedTo(picture, picture.rolledOut!.pixels, 3))).toBe('rrrrrrrriirriirr')
})

test('the veil lies over later segments alone', () => {
  const veil = veilOver(picture.ranks, 1)
  expect(Array.from(picture.ranks, (_, cell) => veil[4 * cell + 3]! > 0)).toEqual(
    Array.from(picture.ranks, (rank) => rank > 1),
  )
})
