import { expect, test } from 'vitest'
import type { Strips } from '../pictures.ts'
import { mergeStrips } from './strips.ts'

const column = (id: string) => ({ id, label: id, help: id })

/** Pictures of one pixel; the red byte of a cell is 10 × row + column + offset. */
function stripsOf(ids: readonly string[], samples: readonly number[], offset = 0): Strips {
  const pixels = samples.flatMap((_, row) =>
    ids.flatMap((_, index) => [10 * row + index + offset, 0, 0, 255]),
  )
  return {
    kind: 'strips',
    columns: ids.map(column),
    samples,
    size: 1,
    pixels: Uint8ClampedArray.from(pixels),
    masked: samples.map(() => ({ count: 10, of: 16 })),
  }
}

const reds = (pixels: Uint8ClampedArray) => [...pixels].filter((_, index) => index % 4 === 0)

test('the first pictures become columns', () => {
  const table = mergeStrips(null, stripsOf(['original', 'mask'], [5, 9]), 3)
  expect(table.samples).toEqual([5, 9])
  expect(table.columns.map(({ column: { id } }) => id)).toEqual(['original', 'mask'])
  expect(table.columns.map(({ pixels }) => reds(pixels))).toEqual([
    [0, 10],
    [1, 11],
  ])
  expect(table.columns.map(({ step }) => step)).toEqual([3, 3])
})

test('columns are replaced by id; the others stay, new ones are added', () => {
  const first = mergeStrips(null, stripsOf(['original', 'mask', 'rebuilt'], [5]), 1)
  const second = mergeStrips(first, stripsOf(['mask', 'error'], [5], 100), 8)
  expect(second.columns.map(({ column: { id } }) => id)).toEqual([
    'original',
    'mask',
    'rebuilt',
    'error',
  ])
  expect(second.columns.map(({ pixels }) => reds(pixels)[0])).toEqual([0, 100, 2, 101])
  expect(second.columns.map(({ step }) => step)).toEqual([1, 8, 1, 8])
  expect(first.columns[1]!.step).toBe(1)
})

test('a complete message also brings the order of the columns', () => {
  const first = mergeStrips(null, stripsOf(['mask', 'original'], [5]), 1)
  const second = mergeStrips(first, stripsOf(['original', 'mask', 'rebuilt'], [5]), 2)
  expect(second.columns.map(({ column: { id } }) => id)).toEqual(['original', 'mask', 'rebuilt'])
})

test('pictures of other samples replace the table', () => {
  const first = mergeStrips(null, stripsOf(['original', 'rebuilt'], [5, 6]), 1)
  const second = mergeStrips(first, stripsOf(['original'], [5, 7]), 2)
  expect(second.samples).toEqual([5, 7])
  expect(second.columns).toHaveLength(1)
})
