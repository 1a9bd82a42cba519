import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomAt, Stream } from './random.ts'
import { Engine } from './engine.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const noise = (count: number, seed: number): Float32Array => {
  const random = randomAt(seed, Stream.init)
  return Float32Array.from({ length: count }, () => random.uniform() * 2 - 1)
}

describe('cures for tfjs', () => {
  it('computes matMul with transposeB right on wide inner sizes', async () => {
    const [rows, inner, columns] = [16, 4096, 256]
    const a = noise(rows * inner, 1)
    const b = noise(columns * inner, 2)
    const product = tf.matMul(
      tf.tensor2d(a, [rows, inner]),
      tf.tensor2d(b, [columns, inner]),
      false,
      true,
    )
    const actual = await product.data()
    let worst = 0
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0
        for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[j * inner + k]!
        worst = Math.max(worst, Math.abs(sum - actual[i * columns + j]!))
      }
    expect(worst).toBeLessThan(1e-3)
  })

  it.each([2, 7, 8, 9, 13, 14, 40])('adds %i tensors', async (count) => {
    const tensors = Array.from({ length: count }, (_, i) => tf.fill([5], i + 1))
    const sum = await tf.addN(tensors).data()
    expect([...sum]).toEqual(Array.from({ length: 5 }, () => (count * (count + 1)) / 2))
    engine.check()
  })

  it('turns a GPU validation error into a fault', async () => {
    const own = await Engine.open(navigator.gpu)
    const heard: string[] = []
    own.onFault((fault) => heard.push(fault.code))
    own.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    await own.device.queue.onSubmittedWorkDone()
    expect(heard).toEqual(['gpu-error'])
    expect(() => own.check()).toThrow('refused')
    own.dispose()
  })
})
