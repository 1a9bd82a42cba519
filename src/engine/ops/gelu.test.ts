import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { opCost } from '../testing/opCost.ts'
import { geluOracle } from '../testing/oracle.ts'
import { take, valueAndGradients } from '../testing/run.ts'
import { gelu } from './gelu.ts'

useEngine()

const geluCase = (...shape: number[]): OpCase => ({
  name: `gelu [${shape.join()}]`,
  op: (x) => gelu(x),
  oracle: geluOracle,
  inputs: [noise(shape, 1, 3)],
  shape,
})

describeOps([geluCase(1), geluCase(5, 11), geluCase(2, 65, 768)])

it('is right to 1.5e-7 everywhere, and finite to the ends of float32', async () => {
  const x = Float32Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 1000)
  const { value } = geluOracle([{ shape: [x.length], data: x }], x)
  const actual = await take(tf.tidy(() => gelu(tf.tensor1d(x))))
  let worst = 0
  // Where |y| is large, its own rounding (half a unit in the last place) is not the approximation's fault.
  x.forEach((_, i) => {
    const off = Math.abs(actual[i]! - value[i]!) - Math.abs(value[i]!) * 2 ** -23
    worst = Math.max(worst, off)
  })
  expect(worst).toBeLessThan(1.5e-7)
  const ends = { shape: [4], data: [-3e38, 3e38, -20, 20] }
  const { value: y, gradients } = await valueAndGradients((t) => gelu(t), [ends])
  expect([...y]).toEqual([-0, Math.fround(3e38), -0, 20])
  expect([...gradients[0]!]).toEqual([0, 1, 0, 1])
})

it('takes a dispatch each way', () => {
  expect(opCost(geluCase(16, 65, 64))).toEqual([1, 2])
})
