import { expect, it } from 'vitest'
import { randomAt, Stream } from '../engine/random.ts'
import { Ranking } from './ranking.ts'

it('keeps the best of all candidates, told block by block', () => {
  const random = randomAt(3, Stream.init)
  const [queries, candidates, k] = [7, 50, 6]
  // Few different values: many ties.
  const cosines = Array.from({ length: queries }, () =>
    Array.from({ length: candidates }, () => Math.fround(random.below(9) / 8 - 0.5)),
  )
  const best = (row: readonly number[], from: number, to: number, count: number) =>
    row
      .map((value, index) => ({ value, index }))
      .slice(from, to)
      .sort((a, b) => b.value - a.value || a.index - b.index)
      .slice(0, count)
  const ranking = new Ranking(queries, k)
  for (const [from, to] of [
    [0, 3],
    [3, 30],
    [30, 50],
  ] as const) {
    const width = Math.min(k, to - from)
    for (const [first, last] of [
      [0, 4],
      [4, queries],
    ] as const) {
      const found = cosines.slice(first, last).flatMap((row) => best(row, from, to, width))
      const values = Float32Array.from(found, ({ value }) => value)
      const columns = Float32Array.from(found, ({ index }) => index - from)
      ranking.add(first, values, columns, width, from)
    }
    const expected = cosines.flatMap((row) => best(row, 0, to, k))
    const width2 = Math.min(k, to)
    const kept = Array.from({ length: queries }, (_, query) => {
      expect(ranking.found(query)).toBe(width2)
      const at = query * k
      return Array.from({ length: width2 }, (_, i) => ({
        value: ranking.values[at + i]!,
        index: ranking.indices[at + i]!,
      }))
    })
    expect(kept.flat()).toEqual(expected)
  }
})

it('puts what is not a number last', () => {
  const ranking = new Ranking(1, 4)
  ranking.add(0, Float32Array.of(1, NaN), Float32Array.of(1, 0), 2, 0)
  ranking.add(0, Float32Array.of(0.5, NaN), Float32Array.of(0, 1), 2, 2)
  expect([...ranking.values]).toEqual([1, 0.5, NaN, NaN])
  expect([...ranking.indices]).toEqual([1, 2, 0, 3])
})
