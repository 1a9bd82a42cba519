import type { OrderPicture, RankRule } from '../pictures.ts'

const sameRanks = (a: Uint16Array | undefined, b: Uint16Array | undefined): boolean =>
  a === b || (a?.length === b?.length && a!.every((rank, cell) => rank === b![cell]))

const sameRule = (a: RankRule, b: RankRule): boolean =>
  a.id === b.id &&
  a.help === b.help &&
  a.strict === b.strict &&
  a.from === b.from &&
  a.itself === b.itself &&
  sameRanks(a.queries, b.queries) &&
  sameRanks(a.keys, b.keys)

/** Whether two pictures are of the same image, in the same order, under the same masks. */
export const sameOrder = (a: OrderPicture, b: OrderPicture): boolean =>
  a.sample === b.sample &&
  sameRanks(a.ranks, b.ranks) &&
  a.rules.length === b.rules.length &&
  a.rules.every((rule, at) => sameRule(rule, b.rules[at]!))

/**
 * A picture with what has not changed since the one before taken from there: while training goes on, only predictions
 * change, and nothing else has to be drawn again.
 */
export function steadyOrder(before: OrderPicture | undefined, picture: OrderPicture): OrderPicture {
  if (!before || !sameOrder(before, picture)) return picture
  const { ranks, rules, partitions = null } = before
  const same = sameRanks(before.partitions, picture.partitions)
  return { ...picture, ranks, rules, ...(same && partitions ? { partitions } : {}) }
}
