import {
  randomAt,
  randomPermutation,
  type RandomSequence,
  type StreamId,
} from '../../engine/random.ts'

/** Which patches of an image the student sees. */
export interface MaskPlan {
  /** Patches of an image, L. */
  readonly tokens: number
  /** Visible patches of a mask, v. */
  readonly visible: number
  /** Masks of an image, K. */
  readonly count: number
  /** Disjoint: K pieces of one permutation, K · v ≤ L; independent: a permutation for each. */
  readonly kind: 'disjoint' | 'independent'
}

/** v = floor(L (1 − ratio)) in double arithmetic, as in the official code; at least one patch is visible. */
export const visibleTokens = (tokens: number, ratio: number): number =>
  Math.max(1, Math.floor(tokens * (1 - ratio)))

/** How many disjoint masks of so many visible patches an image has room for. */
export const mostDisjoint = (tokens: number, visible: number): number =>
  Math.floor(tokens / visible)

/**
 * The masks that are asked for, made to fit: of disjoint masks no more than the image has room for (spec section 3).
 * @param ratio share of the patches that a mask hides
 */
export function maskPlan(
  tokens: number,
  ratio: number,
  count: number,
  kind: MaskPlan['kind'],
): MaskPlan {
  const visible = visibleTokens(tokens, ratio)
  const fitting = kind === 'disjoint' ? Math.min(count, mostDisjoint(tokens, visible)) : count
  return { tokens, visible, count: fitting, kind }
}

/**
 * The masks of one image: the cells that are visible, mask after mask. All are drawn from one random sequence.
 * @throws RangeError when disjoint masks do not fit into the image
 */
export function drawMasks(
  { tokens, visible, count, kind }: MaskPlan,
  random: RandomSequence,
): Uint32Array[] {
  const pieces = (order: Uint32Array): Uint32Array[] =>
    Array.from({ length: order.length / visible }, (_, i) =>
      order.slice(i * visible, (i + 1) * visible),
    )
  if (kind === 'independent')
    return Array.from({ length: count }, () => randomPermutation(random, tokens, visible))
  if (count * visible > tokens)
    throw new RangeError(`${count} disjoint masks of ${visible} do not fit into ${tokens} patches`)
  return pieces(randomPermutation(random, tokens, count * visible))
}

/**
 * The masks of a batch, [count · batch, visible], mask-major: rows 0 to batch − 1 are mask 0 of the images in order, the
 * next ones mask 1, and so on. An image has the same masks in a batch of any size.
 * @param address of the counter-based random numbers; every image has its own
 */
export function drawBatchMasks(
  plan: MaskPlan,
  address: readonly [seed: number, stream: StreamId, step: number],
  batch: number,
): Uint8Array {
  const { visible, count } = plan
  const all = new Uint8Array(count * batch * visible)
  for (let image = 0; image < batch; image++)
    drawMasks(plan, randomAt(...address, image)).forEach((mask, i) => {
      all.set(mask, (i * batch + image) * visible)
    })
  return all
}
