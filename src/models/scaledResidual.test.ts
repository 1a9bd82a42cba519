import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { countDispatches } from '../engine/testing/dispatches.ts'
import { noise } from '../engine/testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../engine/testing/opCase.ts'
import { upload } from '../engine/testing/run.ts'
import { scaledResidual } from './scaledResidual.ts'

useEngine()

/** [B, N, D] with LayerScale, drop path, both or none. */
function scaledCase(
  [batch, tokens, width]: [number, number, number],
  withGamma: boolean,
  withFactors: boolean,
): OpCase {
  const shape = [batch, tokens, width]
  const factors = [0, 1.25, 2, 0.5, 1].slice(0, batch)
  const given = (): tf.Tensor3D | null => (withFactors ? tf.tensor3d(factors, [batch, 1, 1]) : null)
  return {
    name: `[${shape.join()}]${withGamma ? ' LayerScale' : ''}${withFactors ? ' drop path' : ''}`,
    op: (x, branch, ...rest) =>
      scaledResidual(x as tf.Tensor3D, branch as tf.Tensor3D, rest[0] ?? null, given()),
    oracle: ([x, branch, gamma], dy) => {
      const scaleAt = (i: number): number => gamma?.data[i % width] ?? 1
      const factorAt = (i: number): number =>
        withFactors ? factors[Math.floor(i / (tokens * width))]! : 1
      const each = (of: (i: number) => number): Float64Array =>
        Float64Array.from({ length: dy.length }, (_, i) => of(i))
      const dgamma = new Float64Array(width)
      each((i) => (dgamma[i % width]! += dy[i]! * branch!.data[i]! * factorAt(i)))
      return {
        value: each((i) => x!.data[i]! + branch!.data[i]! * scaleAt(i) * factorAt(i)),
        gradients: [
          Float64Array.from(dy),
          each((i) => dy[i]! * scaleAt(i) * factorAt(i)),
          ...(gamma ? [dgamma] : []),
        ],
      }
    },
    inputs: [noise(shape, 1), noise(shape, 2), ...(withGamma ? [noise([width], 3)] : [])],
    shape,
  }
}

describeOps([
  scaledCase([3, 5, 8], true, true),
  scaledCase([3, 5, 7], true, true),
  scaledCase([2, 3, 5], true, false),
  scaledCase([5, 1, 3], false, true),
  scaledCase([4, 65, 48], true, false),
])

it('takes one dispatch, and four with its gradients', () => {
  const [x, branch] = [1, 2].map((seed) => upload<tf.Rank.R3>(noise([4, 65, 48], seed)))
  const gamma = upload(noise([48], 3))
  const op = (...given: tf.Tensor[]): tf.Tensor =>
    scaledResidual(given[0] as tf.Tensor3D, given[1] as tf.Tensor3D, given[2]!, null)
  const dy = tf.onesLike(x!)
  expect(countDispatches(() => op(x!, branch!, gamma).dispose())).toBe(1)
  expect(countDispatches(() => tf.dispose(tf.grads(op)([x!, branch!, gamma], dy)))).toBe(4)
  tf.dispose([x!, branch!, gamma, dy])
})
