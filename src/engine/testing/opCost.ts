import * as tf from '@tensorflow/tfjs'
import { countDispatches } from './dispatches.ts'
import type { OpCase } from './opCase.ts'
import { upload } from './run.ts'

/** Dispatches of an op's value, and of its value with all gradients. */
export function opCost({ op, inputs }: Pick<OpCase, 'op' | 'inputs'>): [number, number] {
  const tensors = inputs.map(upload)
  const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
  const forward = countDispatches(() => op(...tensors).dispose())
  const both = countDispatches(() => tf.dispose(tf.grads(op)(tensors, dy)))
  tf.dispose([tensors, dy])
  return [forward, both]
}
