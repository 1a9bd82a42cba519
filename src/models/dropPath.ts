import type * as tf from '@tensorflow/tfjs'
import type { InputValues } from '../engine/inputTensors.ts'
import { randomAt, Stream } from '../engine/random.ts'

/** Step inputs of drop path (stochastic depth): a row for the attention and one for the MLP branch of every block. */
export interface PathInputs {
  /** [2·depth, batch]: 1 where a sample takes the branch, 0 where it is dropped. */
  readonly keptPaths: InputValues
  /** [2·depth, 1]: 1 / keep probability. */
  readonly pathScales: InputValues
}

/**
 * Draws which branches are dropped, each sample on its own: with a probability that rises linearly from 0 at the first
 * block to `rate` at the last. A single block counts as the first.
 */
export function drawPaths(
  rate: number,
  depth: number,
  batch: number,
  seed: number,
  step: number,
): PathInputs {
  const kept = new Uint8Array(2 * depth * batch)
  const scales = new Float32Array(2 * depth)
  for (let row = 0; row < 2 * depth; row++) {
    const random = randomAt(seed, Stream.dropPath, step, row)
    const drop = (rate * Math.floor(row / 2)) / Math.max(1, depth - 1)
    scales[row] = 1 / (1 - drop)
    for (let sample = 0; sample < batch; sample++)
      kept[row * batch + sample] = Number(random.uniform() >= drop)
  }
  return {
    keptPaths: { shape: [2 * depth, batch], data: kept },
    pathScales: { shape: [2 * depth, 1], data: scales },
  }
}

/** The factors [2·depth, batch] on the branches: 0, or 1 / keep probability. From the tensors of the step inputs. */
export const pathFactors = (keptPaths: tf.Tensor, pathScales: tf.Tensor): tf.Tensor2D =>
  keptPaths.mul(pathScales)
