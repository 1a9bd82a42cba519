import type { RankRule } from '../../../pictures.ts'

/** Tokens row by row as in the image, or in the order in which they come. */
export type TokenOrder = 'image' | 'order'

/** Whether a token sees another one. */
export function sees(rule: RankRule, query: number, key: number): boolean {
  const { queries, keys, strict, from, itself } = rule
  if (itself && query === key) return true
  const [own, other] = [queries[query]!, keys[key]!]
  return other >= from && (strict ? other < own : other <= own)
}

/** The tokens in the wanted order: those of one segment next to each other, else as in the image. */
export function tokensIn(ranks: Uint16Array, order: TokenOrder): Uint16Array {
  const tokens = Uint16Array.from(ranks, (_, token) => token)
  return order === 'image' ? tokens : tokens.sort((a, b) => ranks[a]! - ranks[b]! || a - b)
}

/** How many pairs of tokens a rule allows. */
export function allowedPairs(rule: RankRule): number {
  let count = 0
  for (let query = 0; query < rule.queries.length; query++)
    for (let key = 0; key < rule.keys.length; key++) count += Number(sees(rule, query, key))
  return count
}

/**
 * A rule as a picture: a row for every token that looks, a column for every one that is looked at.
 * @param tokens in the order in which they are drawn
 * @param colour of allowed pairs, as RGBA bytes; others are transparent
 * @returns RGBA bytes [tokens, tokens, 4]
 */
export function paintRule(
  rule: RankRule,
  tokens: Uint16Array,
  colour: readonly [number, number, number, number],
): Uint8ClampedArray {
  const words = new Uint32Array(tokens.length ** 2)
  const [word] = new Uint32Array(Uint8Array.from(colour).buffer)
  tokens.forEach((query, row) => {
    tokens.forEach((key, column) => {
      if (sees(rule, query, key)) words[row * tokens.length + column] = word!
    })
  })
  return new Uint8ClampedArray(words.buffer)
}

/** An SVG path that fills the rows of all tokens of a rank, in a strip that is one wide and as high as there are tokens. */
export function rowsOf(tokens: Uint16Array, ranks: Uint16Array, rank: number): string {
  return Array.from(tokens, (token, row) =>
    ranks[token] === rank ? `M0 ${row}h1v1h-1z` : '',
  ).join('')
}
