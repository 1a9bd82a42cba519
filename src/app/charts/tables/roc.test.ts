import { expect, it } from 'vitest'
import { filledColumns } from './meansLayout.ts'
import { pooledBins, rocOf } from './roc.ts'

/** Values of a table of means from the predicted bin and the outcome of each case. */
function tableOf(bins: number, cases: readonly (readonly [bin: number, truth: boolean])[]) {
  const values = new Float64Array(2 * bins)
  for (const [bin, truth] of cases) {
    values[bin]! += Number(truth)
    values[bins + bin]! += 1
  }
  return values
}

const CASES = [
  ...[0, 0, 0, 1, 1, 3].map((bin) => [bin, false] as const),
  ...[1, 2, 3, 3].map((bin) => [bin, true] as const),
]

it('goes from nothing called true to all, and its area is the share of pairs in the right order, ties half', () => {
  const roc = rocOf(tableOf(4, CASES))!
  expect(roc.points).toEqual([
    { threshold: 1, falseRate: 0, trueRate: 0 },
    { threshold: 0.75, falseRate: 1 / 6, trueRate: 2 / 4 },
    { threshold: 0.5, falseRate: 1 / 6, trueRate: 3 / 4 },
    { threshold: 0.25, falseRate: 3 / 6, trueRate: 1 },
    { threshold: 0, falseRate: 1, trueRate: 1 },
  ])
  let wins = 0
  for (const [negative] of CASES.filter(([, truth]) => !truth))
    for (const [positive] of CASES.filter(([, truth]) => truth))
      wins += positive > negative ? 1 : positive === negative ? 0.5 : 0
  expect(roc.area).toBeCloseTo(wins / 24, 12)
})

it('is one half for what knows nothing, and 1 and 0 at the ends', () => {
  const both = (bin: number) => [[bin, true] as const, [bin, false] as const]
  expect(rocOf(tableOf(3, [0, 1, 2].flatMap(both)))!.area).toBe(0.5)
  expect(
    rocOf(
      tableOf(2, [
        [0, false],
        [1, true],
      ]),
    )!.area,
  ).toBe(1)
  expect(
    rocOf(
      tableOf(2, [
        [0, true],
        [1, false],
      ]),
    )!.area,
  ).toBe(0)
})

it('is none where all turned out alike', () => {
  expect(rocOf(tableOf(2, [[1, true]]))).toBeNull()
  expect(rocOf(tableOf(2, [[1, false]]))).toBeNull()
  expect(rocOf(tableOf(2, []))).toBeNull()
})

it('bins are pooled by their counts, and groups into which nothing fell are left out', () => {
  const axis = { label: '', at: [0.125, 0.375, 0.625, 0.875] }
  const columns = filledColumns(tableOf(4, CASES.slice(0, 7)), axis)
  // Three of bin 0, three of bin 1 (one true); one of bin 3.
  expect(pooledBins(columns, axis, 2)).toEqual([
    { at: 0.25, mean: expect.closeTo(1 / 6, 12) as number, count: 6 },
    { at: 0.875, mean: 0, count: 1 },
  ])
  expect(pooledBins(columns.slice(2), axis, 2)).toHaveLength(1)
  expect(pooledBins(columns, axis, 4)).toEqual(columns)
})
