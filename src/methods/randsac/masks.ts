import type * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import type { RankMask } from '../../engine/ops/attention.ts'
import { computeFused } from '../../engine/ops/fuse.ts'

/*
 * Who sees whom (spec section 4.2), in the raster layout: no token is reordered or left out, and all masks are functions
 * of the ranks alone. The last segment is encoded although no one looks at it, and the first is predicted although no
 * loss is on it.
 */

/**
 * Mistakes that are easily made, to be shown on purpose (spec section 10): `firstSegment` lets predictions look at the
 * tokens of the first segment in the decoder, which see the whole image there (what they have seen arrives from the second
 * decoder layer on); `offByOne` lets a prediction see the segment that it is to predict.
 */
export type MaskMistake = 'none' | 'firstSegment' | 'offByOne'

/** The three kinds of attention. */
export type MaskKind = 'encoder' | 'decoderSelf' | 'memory'

/** A mask by ranks: a query sees a key of a lower (`strict`) or no higher rank. */
export interface MaskRule {
  readonly strict: boolean
  /** Keys of a lower rank are not seen. */
  readonly from: number
  /** Whether every token sees itself in any case. */
  readonly itself: boolean
  /** Whether tokens of rank 0 look as if they came after all others. */
  readonly firstLooksLast: boolean
}

const RULES: Readonly<Record<MaskKind, MaskRule>> = {
  encoder: { strict: false, from: 0, itself: false, firstLooksLast: false },
  // Tokens of rank 0 see nothing of the memory, so that what the decoder makes of them is never to be looked at.
  decoderSelf: { strict: false, from: 1, itself: true, firstLooksLast: false },
  memory: { strict: true, from: 0, itself: false, firstLooksLast: false },
}

/** The rules of the three masks. */
export function rankRules(mistake: MaskMistake): Readonly<Record<MaskKind, MaskRule>> {
  const { decoderSelf, memory } = RULES
  if (mistake === 'offByOne') return { ...RULES, memory: { ...memory, strict: false } }
  if (mistake === 'none') return RULES
  return {
    ...RULES,
    decoderSelf: { ...decoderSelf, from: 0 },
    // What an empty row becomes when forbidden scores are only very low: a look at everything.
    memory: { ...memory, firstLooksLast: true },
  }
}

/** A rank after all others. */
const AFTER_ALL = 65535

/** The ranks with which tokens look under a rule. */
export const lookingRanks = ({ firstLooksLast }: MaskRule, ranks: Uint16Array): Uint16Array =>
  firstLooksLast ? ranks.map((rank) => (rank === 0 ? AFTER_ALL : rank)) : ranks

/**
 * The three masks for the kernels.
 * @param ranks [B, N], whole numbers in float32
 */
export function rankMasks(mistake: MaskMistake, ranks: tf.Tensor2D): Record<MaskKind, RankMask> {
  const rules = rankRules(mistake)
  const maskOf = ({ strict, from, itself, firstLooksLast }: MaskRule): RankMask => ({
    queries: firstLooksLast ? afterAll(ranks) : ranks,
    keys: ranks,
    strict,
    from,
    itself,
  })
  return {
    encoder: maskOf(rules.encoder),
    decoderSelf: maskOf(rules.decoderSelf),
    memory: maskOf(rules.memory),
  }
}

/** `AFTER_ALL` for rank 0. */
const afterAll = (ranks: tf.Tensor): tf.Tensor =>
  computeFused(
    'first rank after all',
    ranks.shape,
    [(rank) => rank.add(Expression.constant(1).sub(rank).max(0).mul(AFTER_ALL))],
    [ranks],
  )[0]!
