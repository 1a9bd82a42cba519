import { describe, expect, test } from 'vitest'
import type { StripColumn, Strips } from '../pictures.ts'
import { mergeStrips, type StripTable } from './strips.ts'

const early = (id: string): StripColumn => ({ id, label: id, help: id })
const late = (id: string): StripColumn => ({ ...early(id), needsNetwork: true })

/** Pictures of one pixel whose red byte is given for each cell, [row][column]. */
function stripsOf(
  columns: readonly StripColumn[],
  reds: readonly (readonly number[])[],
  scores?: readonly (readonly (number | null)[])[],
  samples = reds.map((_, row) => row + 5),
): Strips {
  return {
    kind: 'strips',
    columns,
    samples,
    size: 1,
    pixels: Uint8ClampedArray.from(reds.flat().flatMap((red) => [red, 0, 0, 255])),
    masked: samples.map(() => ({ count: 10, of: 16 })),
    ...(scores && { scores: { label: 'Cosine', values: scores } }),
  }
}

const idsOf = ({ columns }: StripTable) => columns.map(({ column }) => column.id)
const redsOf = ({ columns }: StripTable) =>
  columns.map(({ pixels }) => [...pixels].filter((_, index) => index % 4 === 0))
const scoresOf = ({ columns }: StripTable) => columns.map(({ scores }) => scores)
const stepsOf = ({ columns }: StripTable) => columns.map(({ step }) => step)

const original = early('original')
const masks = (count: number) => Array.from({ length: count }, (_, i) => early(`mask${i + 1}`))

test('the first pictures become columns', () => {
  const table = mergeStrips(
    null,
    stripsOf(
      [original, early('mask')],
      [
        [0, 1],
        [10, 11],
      ],
    ),
    3,
  )
  expect(table.samples).toEqual([5, 6])
  expect(idsOf(table)).toEqual(['original', 'mask'])
  expect(redsOf(table)).toEqual([
    [0, 10],
    [1, 11],
  ])
  expect(stepsOf(table)).toEqual([3, 3])
  expect(table.scoreLabel).toBeNull()
})

test('say what happens to the counted patches', () => {
  const strips = stripsOf([original], [[0]])
  expect(mergeStrips(null, strips, 1).maskedWord).toBe('masked')
  const predicted = { ...strips, maskedWord: 'predicted' }
  expect(mergeStrips(null, predicted, 1).maskedWord).toBe('predicted')
})

test('a preview keeps the columns that need a network, the whole table replaces them', () => {
  const columns = [original, early('mask'), late('rebuilt')]
  const whole = mergeStrips(null, stripsOf(columns, [[0, 1, 2]]), 1)
  const preview = mergeStrips(whole, stripsOf([original, early('mask')], [[0, 100]]), 8)
  expect(idsOf(preview)).toEqual(['original', 'mask', 'rebuilt'])
  expect(redsOf(preview)).toEqual([[0], [100], [2]])
  expect(stepsOf(preview)).toEqual([8, 8, 1])
  const next = mergeStrips(preview, stripsOf([original, late('error')], [[0, 3]]), 9)
  expect(idsOf(next)).toEqual(['original', 'error'])
})

test('columns that are drawn no more go at once, new ones come in their place', () => {
  const whole = mergeStrips(
    null,
    stripsOf([original, ...masks(3), late('rebuilt')], [[0, 1, 2, 3, 4]]),
    1,
  )
  const fewer = mergeStrips(whole, stripsOf([original, ...masks(1)], [[0, 1]]), 1)
  expect(idsOf(fewer)).toEqual(['original', 'mask1', 'rebuilt'])
  const more = mergeStrips(fewer, stripsOf([original, ...masks(2)], [[0, 1, 2]]), 1)
  expect(idsOf(more)).toEqual(['original', 'mask1', 'mask2', 'rebuilt'])
})

test('pictures of other samples replace the table', () => {
  const first = mergeStrips(null, stripsOf([original, late('rebuilt')], [[0, 1]]), 1)
  const second = mergeStrips(first, stripsOf([original], [[0]], undefined, [7]), 2)
  expect(second.samples).toEqual([7])
  expect(idsOf(second)).toEqual(['original'])
})

describe('scores', () => {
  const scored = mergeStrips(
    null,
    stripsOf(
      [original, ...masks(2)],
      [
        [0, 1, 2],
        [10, 11, 12],
      ],
      [
        [null, 0.1, 0.2],
        [null, -0.3, 0.4],
      ],
    ),
    1,
  )

  test('lie with their cells; what is not a number is none', () => {
    expect(scoresOf(scored)).toEqual([
      [null, null],
      [0.1, -0.3],
      [0.2, 0.4],
    ])
    expect(scored.scoreLabel).toBe('Cosine')
    const bad = mergeStrips(null, stripsOf([original], [[0]], [[NaN]]), 1)
    expect(scoresOf(bad)).toEqual([[null]])
  })

  test('stay through a preview of the same masks', () => {
    const preview = mergeStrips(
      scored,
      stripsOf(
        [original, ...masks(2)],
        [
          [0, 1, 2],
          [10, 11, 12],
        ],
      ),
      2,
    )
    expect(scoresOf(preview)).toEqual(scoresOf(scored))
    expect(preview.scoreLabel).toBe('Cosine')
  })

  test('go with the masks that they belong to, and only those', () => {
    const preview = mergeStrips(
      scored,
      stripsOf(
        [original, ...masks(3)],
        [
          [0, 1, 99, 3],
          [10, 11, 12, 13],
        ],
      ),
      2,
    )
    expect(scoresOf(preview)).toEqual([
      [null, null],
      [0.1, -0.3],
      [null, 0.4],
      [null, null],
    ])
    expect(preview.scoreLabel, 'room for the next ones is kept').toBe('Cosine')
  })

  test('of a column that needs a network go when anything before it in the row changes', () => {
    const columns = [early('mask'), late('rebuilt')]
    const whole = mergeStrips(
      null,
      stripsOf(
        columns,
        [
          [1, 2],
          [11, 12],
        ],
        [
          [null, 0.5],
          [null, 0.6],
        ],
      ),
      1,
    )
    const preview = mergeStrips(whole, stripsOf([early('mask')], [[1], [99]]), 1)
    expect(scoresOf(preview)).toEqual([
      [null, null],
      [0.5, null],
    ])
  })

  test('are those of the newest table', () => {
    const next = mergeStrips(scored, stripsOf([original], [[0], [10]], [[0.7], [null]]), 2)
    expect(scoresOf(next)).toEqual([[0.7, null]])
  })

  test('of other samples are not shown', () => {
    const other = mergeStrips(
      scored,
      stripsOf([original, ...masks(2)], [[0, 1, 2]], undefined, [40]),
      2,
    )
    expect(scoresOf(other)).toEqual([[null], [null], [null]])
    expect(other.scoreLabel).toBe('Cosine')
  })
})
