/**
 * How well probabilities rank the wrong places of one image above its true ones: 2 · AUROC − 1, from −1 to 1. Of all pairs of
 * a false and a true place, the share in which the false one has the higher probability less the share in which it has the
 * lower one. Null where all places are true, or all false.
 */
export function rankingOf(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): number | null {
  const of = (label: number): number[] =>
    Array.from(probabilities).filter((_, token) => labels[token] === label)
  const [falseOnes, trueOnes] = [of(1), of(0)]
  const pairs = falseOnes.length * trueOnes.length
  if (pairs === 0) return null
  let won = 0
  for (const high of falseOnes) for (const low of trueOnes) won += Math.sign(high - low)
  return won / pairs
}
