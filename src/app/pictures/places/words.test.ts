import { expect, test } from 'vitest'
import { bestText, cellText, countText, patchText, sweepText } from './words.ts'

const wrong = { cell: 9, claim: 2, probability: 0.831 }
const right = { cell: 2, claim: 2, probability: 0.1 }

test('a patch says where it belongs, what it claims, and what is held of it', () => {
  expect(patchText(wrong, 4, 'hit')).toBe(
    'Patch of row 3, column 2 claims row 1, column 3; probability of a wrong place 0.83: hit.',
  )
  expect(patchText({ ...right, probability: NaN }, 4, null)).toBe(
    'Patch of row 1, column 3 claims its own place; probability of a wrong place not known yet.',
  )
})

test('a cell says which patches claim it', () => {
  expect(cellText([wrong, right], 2, 4)).toBe(
    'row 1, column 3: patch of row 3, column 2, 0.83; its own patch, 0.10',
  )
  expect(cellText([wrong, right], 9, 4)).toBe('row 3, column 2: no patch')
})

test('all of them are counted', () => {
  expect(countText([wrong, right], 4)).toBe('2 of 16 patches are shown, 1 claims a wrong place')
  expect(countText([right], 4)).toBe('1 of 16 patches are shown, all in place')
  expect(countText([wrong, wrong], 4)).toContain('2 claim wrong places')
})

test('a patch that was tried in every place says which is the most plausible', () => {
  const own = Float32Array.of(0.4, 0.2, 0.3, 0.9)
  const swept = { cell: 2, own, others: Float32Array.of(0.1, 0.1, 0.05, 0.1) }
  expect(sweepText(swept, 2, 2)).toBe(
    'In its own place: probability of a wrong place 0.30; mean of all others 0.05.',
  )
  expect(bestText(swept, 3, 2)).toBe(
    'Most plausible: row 1, column 2 (0.20). Where it claims to lie: 0.90.',
  )
})
