import * as tf from '@tensorflow/tfjs'
import { differentiable } from './differentiable.ts'

/** The value of a tensor without its gradient. */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  differentiable(
    [x],
    () => x.clone(),
    (dy) => [tf.zerosLike(dy)],
  )
