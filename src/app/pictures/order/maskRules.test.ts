import { describe, expect, test } from 'vitest'
import { orderPicture } from '../../../store/testing/orderPicture.ts'
import { allowedPairs, rowsOf, paintRule, sees, tokensIn } from './maskRules.ts'

const { ranks, rules } = orderPicture()
const [encoder, decoder, memory] = rules as [
  (typeof rules)[0],
  (typeof rules)[0],
  (typeof rules)[0],
]
const seenBy = (rule: typeof encoder, query: number) =>
  [...ranks.keys()].filter((key) => sees(rule, query, key))

describe('a rule', () => {
  test('lets a token of rank 1 see its own and the first segment, and in memory the first alone', () => {
    expect(seenBy(encoder, 0)).toEqual([0, 1, 4, 5, 8, 9, 12, 13])
    expect(seenBy(encoder, 8)).toEqual([8, 9, 12, 13])
    expect(seenBy(memory, 0)).toEqual([8, 9, 12, 13])
    expect(seenBy(memory, 8)).toEqual([])
  })

  test('lets no one see what comes before its first rank, but for a token itself', () => {
    expect(seenBy(decoder, 0)).toEqual([0, 1, 4, 5])
    expect(seenBy(decoder, 8)).toEqual([8])
  })

  test('allows so many pairs', () => {
    expect(allowedPairs(encoder)).toBe(160)
    expect(allowedPairs(memory)).toBe(96)
    // 4 · 4 + 4 · 8 + 4 · 12 of later segments, and 4 tokens of the first, each itself.
    expect(allowedPairs(decoder)).toBe(100)
  })

  test('looks with the ranks of queries, which may be others than those of keys', () => {
    const last = { ...memory, queries: ranks.map((rank) => (rank === 0 ? 65535 : rank)) }
    expect(seenBy(last, 8)).toHaveLength(16)
  })
})

describe('the order of tokens', () => {
  test('is that of the image, or segment after segment', () => {
    expect([...tokensIn(ranks, 'image')]).toEqual([...ranks.keys()])
    expect([...tokensIn(ranks, 'order')]).toEqual([
      8, 9, 12, 13, 0, 1, 4, 5, 10, 11, 14, 15, 2, 3, 6, 7,
    ])
  })

  test('by segments makes the encoder’s matrix block triangular', () => {
    const pixels = paintRule(encoder, tokensIn(ranks, 'order'), [1, 2, 3, 255])
    for (let row = 0; row < 16; row++)
      for (let column = 0; column < 16; column++) {
        const at = (row * 16 + column) * 4
        const allowed = Math.floor(column / 4) <= Math.floor(row / 4)
        expect([...pixels.subarray(at, at + 4)]).toEqual(allowed ? [1, 2, 3, 255] : [0, 0, 0, 0])
      }
  })

  test('says in which rows a segment is', () => {
    expect(rowsOf(tokensIn(ranks, 'order'), ranks, 1)).toBe(
      'M0 4h1v1h-1zM0 5h1v1h-1zM0 6h1v1h-1zM0 7h1v1h-1z',
    )
  })
})
