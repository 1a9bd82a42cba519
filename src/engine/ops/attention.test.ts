import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { attentionOracle, type Sees } from '../testing/attentionOracle.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, valueAndGradients, type HostTensor } from '../testing/run.ts'
import { TOLERANCES } from '../testing/tolerances.ts'
import { VARIANTS, type Variant } from '../variant.ts'
import { attend, probabilities, type AttentionSource, type ScoreChange } from './attention.ts'

useEngine()

/** An attention whose source is the first of the inputs, or for cross-attention the first two. */
interface Form {
  readonly name: string
  readonly heads: number
  readonly inputs: HostTensor[]
  readonly cross?: boolean
  readonly withBias?: boolean
  readonly sees?: Sees
  /** The mask, as tensors; made within a tidy. */
  readonly mask?: () => ScoreChange
}

const self = (
  [batch, tokens, width]: readonly [number, number, number],
  heads: number,
  more: Partial<Form> = {},
): Form => ({
  name: `[${batch},${tokens},${width}] × ${heads}${more.withBias ? ' with bias' : ''}`,
  heads,
  inputs: [
    noise([batch, tokens, 3 * width], 8, 1.5),
    ...(more.withBias ? [noise([heads, tokens, tokens], 9)] : []),
  ],
  ...more,
})

const cross = (
  [batch, queries, keys, width]: readonly [number, number, number, number],
  heads: number,
  more: Partial<Form> = {},
): Form => ({
  name: `of ${queries} queries to [${batch},${keys},${width}] × ${heads}${more.withBias ? ' with bias' : ''}`,
  heads,
  inputs: [
    noise([batch, queries, width], 8, 1.5),
    noise([batch, keys, 2 * width], 9, 1.5),
    ...(more.withBias ? [noise([heads, queries, keys], 10)] : []),
  ],
  cross: true,
  ...more,
})

const sourceOf = ({ cross: apart }: Form, [first, second]: tf.Tensor[]): AttentionSource =>
  apart ? { q: first as tf.Tensor3D, kv: second as tf.Tensor3D } : { qkv: first as tf.Tensor3D }

const changeOf = ({ withBias, mask }: Form, given: tf.Tensor[]): ScoreChange | null =>
  withBias ? { bias: given.at(-1) as tf.Tensor3D } : (mask?.() ?? null)

const shapeOf = ({ cross: apart, inputs }: Form): [number, number, number] => {
  const [batch, queries, columns] = inputs[0]!.shape as [number, number, number]
  return [batch, queries, apart ? columns : columns / 3]
}

const caseOf = (form: Form, variant: Variant): OpCase => ({
  name: `attention ${variant} ${form.name}`,
  op: (...given) => attend(sourceOf(form, given), form.heads, changeOf(form, given), variant),
  oracle: attentionOracle(form.heads, form.sees, form.cross),
  inputs: form.inputs,
  shape: shapeOf(form),
})

/** Ranks of 3 × 7 tokens, of which image 0 has two of rank 0 and image 2 has one rank only. */
const RANKS = [
  [1, 0, 2, 2, 3, 0, 1],
  [4, 1, 0, 3, 2, 5, 1],
  [0, 0, 0, 0, 0, 0, 0],
]
const integers = (ranks: number[][]): tf.Tensor2D => tf.tensor2d(ranks, undefined, 'int32')

/** The three masks of segment-causal attention, and the same in other shapes. */
const masked: Form[] = [
  self([3, 7, 36], 1, {
    name: 'by rank, up to the own',
    mask: () => ({ ranks: { queries: integers(RANKS) } }),
    sees: (b, i, j) => RANKS[b]![j]! <= RANKS[b]![i]!,
  }),
  self([3, 7, 10], 2, {
    name: 'by rank, up to the own, none of rank 0, and itself',
    mask: () => ({ ranks: { queries: tf.tensor2d(RANKS), from: 1, itself: true } }),
    sees: (b, i, j) => (RANKS[b]![j]! <= RANKS[b]![i]! && RANKS[b]![j]! >= 1) || i === j,
  }),
  cross([3, 7, 7, 8], 2, {
    name: 'by rank, below the own, where rank 0 sees nothing',
    mask: () => ({ ranks: { queries: integers(RANKS), strict: true } }),
    sees: (b, i, j) => RANKS[b]![j]! < RANKS[b]![i]!,
  }),
  self([3, 7, 8], 2, {
    name: 'by rank, alike for all images',
    mask: () => ({ ranks: { queries: tf.tensor1d(RANKS[1]!, 'int32'), strict: true } }),
    sees: (_, i, j) => RANKS[1]![j]! < RANKS[1]![i]!,
  }),
  cross([2, 5, 9, 8], 2, {
    name: 'by a mask',
    mask: () => ({
      allowed: tf.tensor3d(
        Array.from({ length: 90 }, (_, at) => Number(at % 3 > 0)),
        [2, 5, 9],
      ),
    }),
    sees: (b, i, j) => ((b * 5 + i) * 9 + j) % 3 > 0,
  }),
]

/** The place in the order of 8 × 8 tokens in 16 squares, another for each of two images, as float32. */
const SQUARES = [0, 1].map((image) =>
  Array.from({ length: 64 }, (_, token) => {
    const segment = 4 * Math.floor(token / 16) + Math.floor((token % 8) / 2)
    return (7 * segment + 5 * image) % 16
  }),
)
/** A place of its own for each of 32 × 32 tokens, and the places of some queries, the first and the last among them. */
const SINGLES = [Array.from({ length: 1024 }, (_, token) => (397 * token) % 1024)]
const SOME = [[0, 1, 255, 256, 257, 1022, 1023]]

/** Attention to the segments before, in sizes that are trained. */
const ordered: Form[] = [
  cross([2, 64, 64, 24], 2, {
    name: 'of 64 queries to 64 tokens below their rank',
    mask: () => ({ ranks: { queries: tf.tensor2d(SQUARES), strict: true } }),
    sees: (b, i, j) => SQUARES[b]![j]! < SQUARES[b]![i]!,
  }),
  cross([1, 7, 1024, 4], 1, {
    name: 'of some queries to 1024 tokens below their rank',
    mask: () => ({
      ranks: { queries: tf.tensor2d(SOME), keys: tf.tensor2d(SINGLES), strict: true },
    }),
    sees: (_, i, j) => SINGLES[0]![j]! < SOME[0]![i]!,
  }),
]

const forms: Form[] = [
  self([1, 1, 1], 1),
  self([2, 5, 15], 3),
  self([2, 5, 15], 3, { withBias: true }),
  self([1, 67, 20], 4),
  self([1, 65, 48], 2),
  self([2, 17, 36], 1),
  cross([2, 1, 17, 12], 3),
  cross([2, 9, 31, 8], 2),
  cross([2, 4, 7, 8], 2, { withBias: true }),
  ...masked,
  ...ordered,
]

describeOps(forms.flatMap((form) => VARIANTS.map((variant) => caseOf(form, variant))))

describe.each(VARIANTS)('attention, %s', (variant) => {
  it.each([self([2, 5, 15], 3, { withBias: true }), masked[1]!, masked[2]!, masked[4]!])(
    'shows its probabilities: $name',
    async (form) => {
      const zeros = new Float32Array(shapeOf(form).reduce((a, b) => a * b))
      const expected = attentionOracle(form.heads, form.sees, form.cross)(form.inputs, zeros)
      const actual = tf.tidy(() => {
        const given = form.inputs.map(upload)
        return probabilities(sourceOf(form, given), form.heads, changeOf(form, given), variant)
      })
      expect(worstError(await take(actual), expected.probabilities)).toBeLessThan(
        TOLERANCES.probabilities.value,
      )
    },
  )

  it('is stable for scores of hundreds', async () => {
    const qkv = noise([1, 5, 45], 1, 30)
    const expected = attentionOracle(3)([qkv], new Float32Array(75)).value
    const actual = await take(tf.tidy(() => attend({ qkv: upload(qkv) }, 3, null, variant)))
    expect(worstError(actual, expected)).toBeLessThan(1e-4)
  })

  it('gives nothing to a query that sees nothing, and takes nothing from it', async () => {
    const form = ordered[0]!
    const dy = noise(shapeOf(form), 4)
    const { value, gradients } = await valueAndGradients(caseOf(form, variant).op, form.inputs, dy)
    // Token 1 of image 0 has rank 0.
    const row = [value, gradients[0]!].flatMap((values) => [...values.slice(24, 48)])
    expect(row.map(Math.abs)).toEqual(new Array(48).fill(0))
  })

  it.each([
    [self([2, 5, 15], 3), [1, 3]],
    [self([2, 5, 15], 3, { withBias: true }), [1, 4]],
    [cross([2, 1, 17, 12], 3), [1, 3]],
  ] as const)('takes few dispatches: $0.name, $1', (form, expected) => {
    const { op } = caseOf(form, variant)
    const tensors = form.inputs.map(upload)
    const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
    const forward = countDispatches(() => op(...tensors).dispose())
    const both = countDispatches(() => tf.dispose(tf.grads(op)(tensors, dy)))
    tf.dispose([tensors, dy])
    expect([forward, both]).toEqual(expected)
  })
})

describe('attention', () => {
  it('goes over thousands of tokens', async () => {
    const qkv = noise([1, 1930, 3], 1)
    const expected = attentionOracle(1)([qkv], new Float32Array(1930)).value
    const actual = await take(tf.tidy(() => attend({ qkv: upload(qkv) }, 1)))
    expect(worstError(actual, expected)).toBeLessThan(TOLERANCES.default.value)
  })

  it('refuses shapes that do not fit together', () => {
    tf.tidy(() => {
      const qkv = tf.zeros<tf.Rank.R3>([2, 5, 18])
      expect(() => attend({ qkv }, 4)).toThrow('6 channels are not those of 4 heads')
      expect(() => attend({ qkv }, 2, { bias: tf.zeros([2, 5, 4]) })).toThrow('the bias [2,5,4]')
      expect(() => attend({ qkv }, 2, { ranks: { queries: tf.zeros([2, 4]) } })).toThrow(
        'the ranks [2,4] should be [2,5]',
      )
      const q = tf.zeros<tf.Rank.R3>([2, 3, 6])
      expect(() => attend({ q, kv: qkv }, 2)).toThrow('kv [2,5,18] should be [2,5,12]')
      const kv = tf.zeros<tf.Rank.R3>([2, 5, 12])
      const ranks = { queries: tf.zeros([2, 3]), keys: tf.zeros([2, 5], 'int32') }
      expect(() => attend({ q, kv }, 2, { ranks })).toThrow('differ in type')
    })
  })
})
