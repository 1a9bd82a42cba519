import type { PlaceSweep } from '../../../pictures.ts'
import type { Arrangement } from './arrangement.ts'

/** Tokens of one pass at most: so that no pass holds the GPU for long. */
const MOST_TOKENS = 4096

/** Judges arrangements of the patches of one image: probabilities [arrangements, k]. All have the same number of tokens. */
export type Judge = (arrangements: readonly Arrangement[]) => Promise<Float32Array>

/** What becomes of all probabilities when one token claims every cell in turn, the others what they do. */
export async function sweepOf(
  { real, claimed }: Arrangement,
  token: number,
  cells: number,
  judge: Judge,
): Promise<PlaceSweep> {
  const [own, others] = [new Float32Array(cells), new Float32Array(cells)]
  const tokens = real.length
  const rows = Math.min(cells, Math.max(1, Math.floor(MOST_TOKENS / tokens)))
  for (let first = 0; first < cells; first += rows) {
    // The last pass repeats the last cell, so that all have the same shape.
    const tried = Array.from({ length: rows }, (_, row) => Math.min(first + row, cells - 1))
    const probabilities = await judge(
      tried.map((cell) => ({ real, claimed: claimed.with(token, cell) })),
    )
    tried.forEach((cell, row) => {
      const ofRow = probabilities.subarray(row * tokens, (row + 1) * tokens)
      own[cell] = ofRow[token]!
      const sum = ofRow.reduce((total, probability) => total + probability, 0)
      others[cell] = tokens > 1 ? (sum - ofRow[token]!) / (tokens - 1) : 0
    })
  }
  return { cell: real[token]!, own, others }
}
