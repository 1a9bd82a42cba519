import { randomAt, Stream } from '../../../engine/random.ts'

/** The reward of some players, by number. */
export type Game = (players: readonly number[]) => number

/** v of every subset, player i being bit i. */
export const valuesOf = (game: Game, players: number): Float64Array =>
  Float64Array.from({ length: 2 ** players }, (_, subset) =>
    game(Array.from({ length: players }, (__, i) => i).filter((i) => (subset >> i) & 1)),
  )

/** Players bring i + 1 times as much, whoever else plays. */
export const additiveGame =
  (scale: number): Game =>
  (players) =>
    players.reduce((sum, i) => sum + scale * (i + 1), 0)

/** v(S) = Σ i + Σ 0.1 (i+1)(j+1) + Σ 0.01 (i+1)(j+1)(k+1) over players, pairs and triples of S. */
export const thirdOrderGame: Game = (players) => {
  let value = 0
  for (const i of players) {
    value += i
    for (const j of players)
      if (i < j) {
        value += 0.1 * (i + 1) * (j + 1)
        for (const k of players) if (j < k) value += 0.01 * (i + 1) * (j + 1) * (k + 1)
      }
  }
  return value
}

/** A game of which nothing is known. */
export const randomGame =
  (cells: number): Game =>
  (players) => {
    const subset = players.reduce((sum, i) => sum + 2 ** i, 0)
    return randomAt(3, Stream.interactions, cells, subset).normal()
  }
