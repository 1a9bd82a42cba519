import type { Serialisation } from '../segments/serialisation.ts'
import type { PatchScale } from '../../patchScale.ts'

/** What a network predicts of an image [S, S, 3], in normalised values: [cells, 3P²] as it is trained to. */
export type Predict = (image: Float32Array) => Promise<Float32Array>

/**
 * Predicts an image segment by segment from its first one alone: every prediction takes the place of the true pixels for the
 * segments after it. One pass a segment.
 * @param image [S, S, 3], in normalised values
 * @returns [cells, 3P²]: every cell as it was predicted in its turn; 0 for rank 0
 */
export async function rollOut(
  image: Float32Array,
  { ranks, segments }: Serialisation,
  scale: PatchScale,
  predict: Predict,
): Promise<Float32Array> {
  const known = image.slice()
  const predicted = new Float32Array(image.length)
  const numbers = image.length / ranks.length
  for (let rank = 1; rank < segments; rank++) {
    const all = await predict(known.slice())
    ranks.forEach((own, cell) => {
      if (own !== rank) return
      const patch = all.subarray(cell * numbers, (cell + 1) * numbers)
      predicted.set(patch, cell * numbers)
      scale.restore(patch, cell, known)
    })
  }
  return predicted
}
