import { expect, test } from 'vitest'
import type { RankRule } from '../../../pictures.ts'
import type { MaskMistake } from '../masks.ts'
import { rulesOf } from './rules.ts'

/** Spec section 12.1: 4 × 4 cells, squares of 2, order [2, 0, 3, 1]. */
const ranks = Uint16Array.of(1, 1, 3, 3, 1, 1, 3, 3, 0, 0, 2, 2, 0, 0, 2, 2)

/** Which keys a query sees, as the contract of pictures says. */
const seenBy = ({ queries, keys, strict, from, itself }: RankRule, query: number): number[] =>
  [...keys.keys()].filter(
    (key) =>
      (itself && key === query) ||
      (keys[key]! >= from &&
        (strict ? keys[key]! < queries[query]! : keys[key]! <= queries[query]!)),
  )

const of = (mistake: MaskMistake) => {
  const [encoder, decoder, memory] = rulesOf(mistake, ranks) as [RankRule, RankRule, RankRule]
  return { encoder, decoder, memory }
}
const pairs = (rule: RankRule): number =>
  [...ranks.keys()].reduce((sum, query) => sum + seenBy(rule, query).length, 0)

test('are those of spec section 12.3', () => {
  const { encoder, memory } = of('none')
  expect(pairs(encoder)).toBe(160)
  expect(pairs(memory)).toBe(96)
  expect(seenBy(encoder, 0)).toEqual([0, 1, 4, 5, 8, 9, 12, 13])
  expect(seenBy(encoder, 8)).toEqual([8, 9, 12, 13])
  expect(seenBy(memory, 0)).toEqual([8, 9, 12, 13])
})

test('predictions ask no one of the first segment, which sees but itself', () => {
  const { decoder, memory } = of('none')
  expect(seenBy(decoder, 0)).toEqual([0, 1, 4, 5])
  expect(seenBy(decoder, 8)).toEqual([8])
  expect(seenBy(memory, 8)).toEqual([])
})

test('show the mistake that is made on purpose, and say so', () => {
  const first = of('firstSegment')
  expect(seenBy(first.memory, 8)).toHaveLength(16)
  expect(seenBy(first.decoder, 0)).toEqual([0, 1, 4, 5, 8, 9, 12, 13])
  const offByOne = of('offByOne')
  expect(seenBy(offByOne.memory, 0)).toEqual([0, 1, 4, 5, 8, 9, 12, 13])
  const wrong = (mistake: MaskMistake) =>
    rulesOf(mistake, ranks).flatMap(({ id, help }) => (help.includes('By mistake') ? [id] : []))
  expect([wrong('none'), wrong('firstSegment'), wrong('offByOne')]).toEqual([
    [],
    ['decoderSelf', 'memory'],
    ['memory'],
  ])
})

test('no two rules share memory, which is handed over with a picture', () => {
  const arrays = rulesOf('none', ranks).flatMap(({ queries, keys }) => [queries, keys])
  expect(new Set([...arrays, ranks].map(({ buffer }) => buffer)).size).toBe(7)
})
