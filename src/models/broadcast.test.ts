import type * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { upload, valueAndGradients, type HostTensor } from '../engine/testing/run.ts'
import { addToEach, timesConstant } from './broadcast.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const random = randomAt(1, Stream.samples)
const noise = (...shape: number[]): HostTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
})

/** Expects an op and its gradients to be those of the same maths in plain tfjs. */
async function expectSame(
  op: (...inputs: tf.Tensor[]) => tf.Tensor,
  plain: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly HostTensor[],
  dy: HostTensor,
): Promise<void> {
  const actual = await valueAndGradients(op, inputs, dy)
  const expected = await valueAndGradients(plain, inputs, dy)
  const pairs = [[actual.value, expected.value] as const].concat(
    expected.gradients.map((gradient, i) => [actual.gradients[i]!, gradient]),
  )
  for (const [values, reference] of pairs) {
    expect(values).toHaveLength(reference.length)
    reference.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 4))
  }
}

test.each([
  [5, 3, 4],
  [130, 8, 12],
])('x [%i, %i] times a constant matrix [%i, in]', async (rows, inner, columns) => {
  const matrix = upload<tf.Rank.R2>(noise(columns, inner))
  await expectSame(
    (x) => timesConstant(x as tf.Tensor2D, matrix),
    (x) => x.matMul(matrix, false, true),
    [noise(rows, inner)],
    noise(rows, columns),
  )
  matrix.dispose()
})

test.each([
  [3, 1, 5],
  [70, 4, 6],
])('the same is added to every member of x [%i, %i, %i]', async (...shape) => {
  await expectSame(
    (x, values) => addToEach(x, values),
    (x, values) => x.add(values),
    [noise(...shape), noise(1, shape[1], shape[2])],
    noise(...shape),
  )
})
