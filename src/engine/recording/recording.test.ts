import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../engine.ts'
import { gelu } from '../ops/gelu.ts'
import { layerNorm } from '../ops/layerNorm.ts'
import { linear } from '../ops/linear.ts'
import { tapeDifference } from './difference.ts'
import { recordTape } from './record.ts'
import { Recording } from './recording.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const values = (count: number, phase: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.37 + phase))

/** A small network with tfjs' own kernels and ours; its input and weight live outside, its results go to a buffer. */
function network(scale = () => 0.5): {
  step: () => void
  feed: (phase: number) => void
  results: () => Promise<Float32Array>
  dispose: () => void
} {
  const [rows, width, outputs] = [6, 12, 20]
  const input = tf.keep(tf.tensor2d(values(rows * width, 0), [rows, width]))
  const weight = tf.keep(tf.tensor2d(values(outputs * width, 1), [outputs, width]))
  const gain = tf.keep(tf.ones([outputs]))
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
  const result = engine.createBuffer('result', 4 * (1 + outputs * width), usage)
  const step = (): void => {
    tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((w: tf.Tensor) => {
        const hidden = gelu(linear(input, w, null))
        const normed = layerNorm(hidden, gain, tf.zeros([outputs]), 1e-6)
        return normed.mul(scale()).add(hidden.square().mean()).softmax().square().sum()
      })([weight])
      const [loss, gradient] = [engine.rangeOf(value).buffer, engine.rangeOf(grads[0]!).buffer]
      const encoder = engine.encoder()
      encoder.copyBufferToBuffer(loss, 0, result, 0, 4)
      encoder.copyBufferToBuffer(gradient, 0, result, 4, 4 * outputs * width)
    })
  }
  return {
    step,
    feed: (phase) => {
      engine.submit()
      engine.device.queue.writeBuffer(engine.rangeOf(input).buffer, 0, values(rows * width, phase))
    },
    results: async () => new Float32Array(await engine.read(result)),
    dispose: () => {
      for (const tensor of [input, weight, gain]) tensor.dispose()
      engine.submit()
      engine.destroyBuffer(result)
    },
  }
}

describe('a recorded step', () => {
  it('gives bit for bit what the step gives, for other inputs too', async () => {
    const net = network()
    net.step()
    const tape = recordTape(engine, net.step)
    const recording = new Recording(engine, tape)
    for (const phase of [0, 1.5, -3]) {
      net.feed(phase)
      net.step()
      engine.submit()
      const eager = await net.results()
      recording.replay()
      expect(await net.results()).toEqual(eager)
      recording.replay({ perSubmit: 3 })
      expect(await net.results()).toEqual(eager)
    }
    expect(recording.plan.plannedBytes).toBeGreaterThanOrEqual(recording.plan.liveBytes)
    recording.dispose()
    net.dispose()
    engine.check()
  })

  it('records the same tape twice', () => {
    const net = network()
    net.step()
    expect(tapeDifference(recordTape(engine, net.step), recordTape(engine, net.step))).toBeNull()
    net.dispose()
  })

  it('names the operation whose number changes from step to step', () => {
    let count = 0
    const net = network(() => 1 / ++count)
    net.step()
    const difference = tapeDifference(recordTape(engine, net.step), recordTape(engine, net.step))
    expect(difference).toMatch(/operation \d+ \(.+\) uses a number that changed/)
    net.dispose()
  })

  it('holds no more GPU memory after a recording is disposed of than before', () => {
    const net = network()
    net.step()
    engine.submit()
    const before = engine.memory()
    const recording = new Recording(engine, recordTape(engine, net.step))
    expect(engine.memory().bytes).toBeGreaterThan(before.bytes)
    recording.dispose()
    expect(engine.memory()).toEqual(before)
    net.dispose()
  })
})
