import { expect, test } from 'vitest'
import { agreementOf, beside, likest, shareOf } from './numbers.ts'
import { agreementText, pairText } from './words.ts'

/** Rows 0 and 2 are most like their own image, row 1 like image 2. */
const cosines = Float32Array.of(0.5, 0.25, 0, 0, 0.25, 0.75, -0.5, 0, 1)

test('the diagonal against the rest, and which rows find their own image', () => {
  const { same, others, found } = agreementOf(cosines, 3)
  expect(same).toBeCloseTo(1.75 / 3, 12)
  expect(others).toBeCloseTo(0.5 / 6, 12)
  expect(found).toBe(2)
  expect(likest(cosines, 3, 1)).toBe(2)
  expect(agreementText({ same, others, found }, 3)).toBe(
    'Mean cosine of two views of one image 0.583, of two images 0.083. 2 of 3 rows are most like their own image.',
  )
  const alone = agreementOf(Float32Array.of(0.5), 1)
  expect(agreementText(alone, 1)).toBe(
    'Mean cosine of two views of one image 0.500. 1 of 1 rows are most like their own image.',
  )
})

test('the share of a pair is the softmax of its row', () => {
  const row = [0, 1, 2].map((column) => shareOf(cosines, 3, 1, column, 0.2))
  expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  expect(row[2]! / row[1]!).toBeCloseTo(Math.exp(0.5 / 0.2), 4)
  expect(pairText('frog, image 1', 'cat, image 2', false, -0.25, 0.5)).toBe(
    'Frog, image 1 and cat, image 2: cosine −0.250; of its row among these images, the loss gives it 50.0 %.',
  )
})

test('pictures one below the other are put side by side', () => {
  const pixel = (value: number) => [value, value, value, 255]
  const below = Uint8ClampedArray.from([1, 2, 3, 4, 5, 6, 7, 8].flatMap(pixel))
  expect([...beside(below, 2, 2)]).toEqual([1, 2, 5, 6, 3, 4, 7, 8].flatMap(pixel))
})
