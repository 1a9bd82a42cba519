/**
 * Area under the ROC curve of one image: the share of all pairs of a false and a true place in which the false one has the
 * higher probability; a tie counts half. Null where all places are true, or all false.
 */
export function imageAuroc(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): number | null {
  const tokens = Array.from(probabilities, (probability, token) => ({
    probability,
    isFalse: labels[token] === 1,
  }))
  const falseOnes = tokens.filter(({ isFalse }) => isFalse)
  const trueOnes = tokens.filter(({ isFalse }) => !isFalse)
  if (falseOnes.length === 0 || trueOnes.length === 0) return null
  let won = 0
  for (const { probability } of falseOnes)
    for (const other of trueOnes)
      won += probability === other.probability ? 0.5 : Number(probability > other.probability)
  return won / (falseOnes.length * trueOnes.length)
}
