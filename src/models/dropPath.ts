import { randomAt, Stream } from '../engine/random.ts'

/**
 * Factors [2·depth, batch] of drop path (stochastic depth): 0 with a probability that rises linearly from 0 at the
 * first block to `rate` at the last, else 1 / (1 − probability). A row for the attention and one for the MLP branch of
 * every block, each sample on its own. A single block counts as the first.
 */
export function pathFactors(
  rate: number,
  depth: number,
  batch: number,
  seed: number,
  step: number,
): Float32Array {
  const factors = new Float32Array(2 * depth * batch)
  for (let row = 0; row < 2 * depth; row++) {
    const random = randomAt(seed, Stream.dropPath, step, row)
    const drop = (rate * Math.floor(row / 2)) / Math.max(1, depth - 1)
    for (let sample = 0; sample < batch; sample++)
      factors[row * batch + sample] = random.uniform() < drop ? 0 : 1 / (1 - drop)
  }
  return factors
}
