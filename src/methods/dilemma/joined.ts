import * as tf from '@tensorflow/tfjs'
import type { ShownCells } from '../../models/vit.ts'

/*
 * Views of a batch, one after the other, as one batch: a transformer in which no image sees another takes them so in one
 * pass.
 */

/** Tensors that tfjs may join at once: it binds a buffer for each and one for the result, of which a device may allow eight. */
const AT_ONCE = 7

/** Tensors with the same other sides, one after the other along the first axis. */
export function joined<T extends tf.Tensor>(tensors: readonly T[]): T {
  if (tensors.length <= AT_ONCE) return tf.concat<T>([...tensors])
  const first = tf.concat<T>(tensors.slice(0, AT_ONCE))
  return joined([first, ...tensors.slice(AT_ONCE)])
}

/** The same of those that are there; undefined where there are none. */
export function joinedIfAny<T extends tf.Tensor>(
  tensors: readonly (T | undefined)[],
): T | undefined {
  const there = tensors.filter((tensor) => tensor !== undefined)
  return there.length === 0 ? undefined : joined(there)
}

/** What is shown of views, all of which are whole or none; undefined where they are whole. */
export function joinedShown(views: readonly (ShownCells | undefined)[]): ShownCells | undefined {
  const real = joinedIfAny(views.map((shown) => shown?.real))
  const claimed = joinedIfAny(views.map((shown) => shown?.claimed))
  return real && claimed && { real, claimed }
}
