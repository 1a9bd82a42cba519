import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { BINNED_SUMS_CODE, BINS_WORKGROUP } from '../kernels/binnedSums.ts'
import { emptyTensor } from '../tensors.ts'
import { sumLayers } from './sumLayers.ts'

/** Values of a block, over which every bin goes; and blocks at most. */
const BLOCK = 256
const MAX_BLOCKS = 64

/**
 * The sums and the counts of values by bins, for means over what belongs together, as the loss by rank. In a fixed
 * order, in at most two dispatches. Not differentiable.
 * @param values any shape
 * @param bins of the same shape: each value's bin, a whole number in float32. A value is left out where that is no bin
 * @param count number of bins, from 0
 * @returns [2, count]: row 0 the sums, row 1 how many values were added
 */
export function binnedSums(values: tf.Tensor, bins: tf.Tensor, count: number): tf.Tensor2D {
  if (bins.shape.join() !== values.shape.join())
    throw new Error(`bins [${bins.shape.join()}] are not those of values [${values.shape.join()}]`)
  return tf.tidy(() => {
    const blocks = Math.min(MAX_BLOCKS, groupsFor(values.size, BLOCK))
    const sums = emptyTensor([blocks, 2, count])
    kernelNamed('binned sums', () => BINNED_SUMS_CODE).dispatch(
      [uniformOf([count]), values, bins, sums],
      groupsFor(count, BINS_WORKGROUP),
      blocks,
    )
    const all = blocks === 1 ? sums : sumLayers([sums])[0]!
    return all.as2D(2, count)
  })
}
