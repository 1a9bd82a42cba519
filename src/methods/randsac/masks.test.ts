import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { probabilities } from '../../engine/ops/attention.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import { lookingRanks, rankMasks, rankRules, type MaskKind, type MaskMistake } from './masks.ts'
import { RAGGED, SQUARES } from './testing/networks.ts'

useEngine()

type Pairs = Record<MaskKind, number[][]>

/** Who sees whom of the tokens of one image, [query][key], as the attention kernels have it. */
async function seenBy(mistake: MaskMistake, ranks: readonly number[]): Promise<Pairs> {
  const tokens = ranks.length
  const pairs: Partial<Pairs> = {}
  for (const kind of ['encoder', 'decoderSelf', 'memory'] as const) {
    const shares = await take(
      tf.tidy(() =>
        probabilities({ qkv: tf.zeros([1, tokens, 12]) }, 1, {
          ranks: rankMasks(mistake, tf.tensor2d([[...ranks]]))[kind],
        }),
      ),
    )
    pairs[kind] = ranks.map((_, query) =>
      ranks.map((_, key) => Number(shares[query * tokens + key]! > 0)),
    )
  }
  return pairs as Pairs
}

const sum = (pairs: readonly (readonly number[])[]): number =>
  pairs.flat().reduce((total, pair) => total + pair, 0)

/** Keys that a row allows. */
const keysOf = (row: readonly number[]): number[] => [...row.keys()].filter((key) => row[key] === 1)

test('12.3 who sees whom in the raster layout', async () => {
  const { encoder, decoderSelf, memory } = await seenBy('none', SQUARES)
  expect([sum(encoder), sum(memory)]).toEqual([160, 96])
  expect(keysOf(encoder[0]!)).toEqual([0, 1, 4, 5, 8, 9, 12, 13])
  expect(keysOf(encoder[8]!)).toEqual([8, 9, 12, 13])
  expect(keysOf(memory[0]!)).toEqual([8, 9, 12, 13])
  expect(keysOf(memory[8]!)).toEqual([])
  expect(keysOf(decoderSelf[0]!)).toEqual([0, 1, 4, 5])
  expect(keysOf(decoderSelf[8]!)).toEqual([8])
  expect(sum(decoderSelf)).toBe(100)
})

test('12.2 in serialised order all three are the same triangle of segments', async () => {
  const masks = await seenBy('none', SQUARES)
  const serialised = [...SQUARES.keys()].sort((a, b) => SQUARES[a]! - SQUARES[b]!)
  const [sources, targets] = [serialised.slice(0, 12), serialised.slice(4)]
  const segment = (place: number): number => Math.floor(place / 4)
  const triangle = sources.map((_, row) =>
    sources.map((_, column) => Number(segment(column) <= segment(row))),
  )
  expect(sum(triangle)).toBe(96)
  const pick = (kind: MaskKind, queries: number[], keys: number[]): number[][] =>
    queries.map((query) => keys.map((key) => masks[kind][query]![key]!))
  expect(pick('encoder', sources, sources)).toEqual(triangle)
  expect(pick('decoderSelf', targets, targets)).toEqual(triangle)
  expect(pick('memory', targets, sources)).toEqual(triangle)
})

describe('mistakes', () => {
  test('firstSegment: predictions ask those of rank 0, which see the whole image', async () => {
    const { encoder, decoderSelf, memory } = await seenBy('firstSegment', SQUARES)
    const right = await seenBy('none', SQUARES)
    expect(encoder).toEqual(right.encoder)
    expect(decoderSelf).toEqual(right.encoder)
    SQUARES.forEach((rank, token) =>
      expect(memory[token]).toEqual(rank === 0 ? SQUARES.map(() => 1) : right.memory[token]),
    )
  })

  test('offByOne: predictions see the encodings of their own segment', async () => {
    const wrong = await seenBy('offByOne', SQUARES)
    const right = await seenBy('none', SQUARES)
    expect(wrong).toEqual({ ...right, memory: right.encoder })
  })
})

test.each(['none', 'firstSegment', 'offByOne'] as const)(
  'the rules say of ragged segments what the kernels do: %s',
  async (mistake) => {
    const seen = await seenBy(mistake, RAGGED)
    const ranks = Uint16Array.from(RAGGED)
    for (const [kind, rule] of Object.entries(rankRules(mistake))) {
      const looking = lookingRanks(rule, ranks)
      const pairs = [...looking].map((own, query) =>
        [...ranks].map((other, key) => {
          const earlier = rule.strict ? other < own : other <= own
          return Number((earlier && other >= rule.from) || (rule.itself && query === key))
        }),
      )
      expect(pairs, kind).toEqual(seen[kind as MaskKind])
    }
  },
)
