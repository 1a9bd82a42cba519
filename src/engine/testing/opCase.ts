import type * as tf from '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../engine.ts'
import { noise, worstError } from './noise.ts'
import type { Oracle } from './oracle.ts'
import { poisonPool } from './poison.ts'
import { refuseUnportable } from './portable.ts'
import { valueAndGradients, type HostTensor } from './run.ts'
import { TOLERANCES, type Tolerance } from './tolerances.ts'

/** A differentiable op on one set of inputs, and what it should give. */
export interface OpCase {
  readonly name: string
  readonly op: (...inputs: tf.Tensor[]) => tf.Tensor
  readonly oracle: Oracle
  /** What the op is differentiated in. */
  readonly inputs: HostTensor[]
  /** Shape of the value. */
  readonly shape: readonly number[]
  readonly tolerance?: Tolerance
}

/**
 * Opens an engine for the tests of a file, on a poisoned pool; a GPU error fails the test in which it shows, and so does
 * a kernel that not every device could run.
 * @returns the engine, for use within tests
 */
export function useEngine(): () => Engine {
  let engine: Engine
  beforeAll(async () => {
    engine = await Engine.open(navigator.gpu)
    poisonPool(engine)
    refuseUnportable(engine)
  })
  afterEach(() => engine.check())
  afterAll(() => engine.dispose())
  return () => engine
}

/** Compares value and gradients of every case with its oracle, and asks for the same bits twice. */
export function describeOps(cases: readonly OpCase[]): void {
  describe.each(cases)('$name', ({ op, oracle, inputs, shape, tolerance = TOLERANCES.default }) => {
    const dy = noise(shape, 11)

    it('agrees with the float64 oracle, value and gradients', async () => {
      const expected = oracle(inputs, dy.data)
      const { value, gradients } = await valueAndGradients(op, inputs, dy)
      expect(worstError(value, expected.value)).toBeLessThan(tolerance.value)
      expect(gradients).toHaveLength(expected.gradients.length)
      gradients.forEach((gradient, i) => {
        const error = worstError(gradient, expected.gradients[i]!)
        expect(error, `gradient ${i}`).toBeLessThan(tolerance.gradient)
      })
    })

    it('gives the same bits again', async () => {
      const first = await valueAndGradients(op, inputs, dy)
      const second = await valueAndGradients(op, inputs, dy)
      expect(second).toEqual(first)
    })
  })
}
