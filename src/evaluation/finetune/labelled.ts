import { CLASSES } from '../classification.ts'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'

/**
 * The images whose labels may be used, in rising order: all for 100 percent, else the same number of every class, at
 * least one of each that there is, though never more than there are. A smaller share is part of a larger one.
 * @param labels of the images among which they are chosen
 * @param percent share of the images
 */
export function labelledImages(
  labels: ArrayLike<number>,
  percent: number,
  seed: number,
): Uint32Array {
  const members: number[][] = Array.from({ length: CLASSES }, () => [])
  for (let i = 0; i < labels.length; i++) members[labels[i]!]!.push(i)
  if (percent >= 100) return Uint32Array.from(members.flat()).sort()
  const classes = members.filter(({ length }) => length > 0).length
  const each = Math.max(1, Math.round((labels.length * percent) / 100 / classes))
  const chosen = members.flatMap((images, label) => {
    const random = randomAt(seed, Stream.finetune, label)
    const order = randomPermutation(random, images.length, Math.min(each, images.length))
    return Array.from(order, (place) => images[place]!)
  })
  return Uint32Array.from(chosen).sort()
}
