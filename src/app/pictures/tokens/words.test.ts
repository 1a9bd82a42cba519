import { expect, it } from 'vitest'
import { bestText, chosenText, cosineText, explainedText, formatCosine } from './words.ts'

it('writes cosines with three decimals', () => {
  expect([0.83, -0.1204, -0.0001, 1].map(formatCosine)).toEqual([
    '0.830',
    '−0.120',
    '0.000',
    '1.000',
  ])
})

it('says how much the colours show', () => {
  expect(explainedText([0.434, 0.214, 0.084])).toBe(
    'Token colours: three principal components, 43 + 21 + 8 % of the variance, 73 % together.',
  )
})

it('names the chosen patch and the one that is read', () => {
  expect(chosenText('frog, image 17', 9, 8)).toBe(
    'Compared with frog, image 17, row 2, column 2. Choose any other patch.',
  )
  expect(cosineText('ship, image 3', 0, 8, 0.5)).toBe(
    'ship, image 3, row 1, column 1: cosine 0.500.',
  )
  expect(bestText(9, 8, 0.5)).toBe('best match in row 2, column 2, cosine 0.500')
})
