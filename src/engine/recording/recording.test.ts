import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toFault } from '../../errors.ts'
import type { CompileProgress } from '../compile.ts'
import { Engine } from '../engine.ts'
import { Kernel } from '../kernel.ts'
import { gelu } from '../ops/gelu.ts'
import { layerNorm } from '../ops/layerNorm.ts'
import { linear } from '../ops/linear.ts'
import { checkReplay } from './checkReplay.ts'
import { compilePipelines } from './compile.ts'
import { compileAhead } from './compileAhead.ts'
import { recordTape } from './record.ts'
import { Recording } from './recording.ts'
import { Replayable } from './replayable.ts'

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
  readonly result: GPUBuffer
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
    result,
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

/** A recording of a network's step, ready to be replayed. */
async function record(net: { step: () => void }): Promise<Recording> {
  const tape = recordTape(engine, net.step)
  await compilePipelines(engine, tape)
  return new Recording(engine, tape)
}

describe('a recorded step', () => {
  it('gives bit for bit what the step gives, for other inputs too', async () => {
    const net = network()
    const recording = await record(net)
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
    recording.dispose()
    net.dispose()
    engine.check()
  })

  it('goes to the GPU in pieces of the wanted size, with what comes after it in the last', async () => {
    const net = network()
    const recording = await record(net)
    const submitsOf = (perSubmit?: number): [submits: number, after: number] => {
      const submit = vi.spyOn(engine.device.queue, 'submit')
      const after = vi.fn()
      recording.replay({ ...(perSubmit && { perSubmit }), after })
      const { length } = submit.mock.calls
      submit.mockRestore()
      return [length, after.mock.calls.length]
    }
    expect(submitsOf()).toEqual([1, 1])
    expect(submitsOf(recording.dispatches)).toEqual([1, 1])
    expect(submitsOf(recording.dispatches - 1)).toEqual([2, 1])
    expect(submitsOf(1)).toEqual([recording.dispatches, 1])
    recording.dispose()
    net.dispose()
  })

  it('holds no more GPU memory after a recording is disposed of than before', async () => {
    const net = network()
    engine.submit()
    const before = engine.memory()
    const recording = await record(net)
    const { plannedBytes, constantBytes } = recording.plan
    expect(engine.memory().bytes).toBe(before.bytes + plannedBytes + constantBytes)
    recording.dispose()
    expect(engine.memory()).toEqual(before)
    net.dispose()
  })

  it('says what its kernels cost', async () => {
    const net = network()
    const recording = await record(net)
    const profile = await recording.profile()
    const dispatches = profile.reduce((sum, family) => sum + family.dispatches, 0)
    expect(dispatches).toBe(recording.dispatches)
    const timed = engine.device.features.has('timestamp-query')
    for (const { bytes, milliseconds } of profile) {
      expect(bytes).toBeGreaterThan(0)
      expect(milliseconds !== null).toBe(timed)
    }
    expect(profile.map(({ family }) => family)).toContain('gelu')
    recording.dispose()
    net.dispose()
  })
})

describe('a step in tfjs operations alone', () => {
  it('of a small convolutional network is replayed bit for bit', async () => {
    const images = tf.keep(tf.tensor4d(values(2 * 8 * 8 * 3, 0), [2, 8, 8, 3]))
    const filters = tf.keep(tf.tensor4d(values(3 * 3 * 3 * 4, 1), [3, 3, 3, 4]))
    const dense = tf.keep(tf.tensor2d(values(64 * 5, 2), [64, 5]))
    const labels = tf.keep(tf.oneHot([1, 4], 5))
    const result = engine.createBuffer(
      'result',
      4 * (filters.size + dense.size),
      GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    )
    const step = (): void =>
      tf.tidy(() => {
        const { grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
          const maps = tf.conv2d(images, given[0] as tf.Tensor4D, 1, 'same')
          const { mean, variance } = tf.moments(maps, [0, 1, 2])
          const [shift, scale] = [tf.zeros<tf.Rank.R1>([4]), tf.ones<tf.Rank.R1>([4])]
          const statistics = [mean, variance] as [tf.Tensor1D, tf.Tensor1D]
          const normed = tf.batchNorm(maps, ...statistics, shift, scale)
          const pooled = tf.maxPool(normed.relu<tf.Tensor4D>(), 2, 2, 'same')
          const logits = pooled.reshape<tf.Tensor2D>([2, -1]).matMul(given[1] as tf.Tensor2D)
          return tf.losses.softmaxCrossEntropy(labels, logits).asScalar()
        })([filters, dense])
        grads.forEach((gradient, i) => {
          const { buffer, offset, size } = engine.rangeOf(gradient)
          engine.encoder().copyBufferToBuffer(buffer, offset, result, i * 4 * filters.size, size)
        })
      })
    const replayable = new Replayable(engine, step)
    await replayable.run()
    const replayed = new Float32Array(await engine.read(result))
    expect(replayed.some((value) => value !== 0)).toBe(true)
    step()
    expect(new Float32Array(await engine.read(result))).toEqual(replayed)
    replayable.dispose()
    tf.dispose([images, filters, dense, labels])
    engine.destroyBuffer(result)
    engine.check()
  })
})

describe('recording a step', () => {
  it('does nothing on the GPU: no memory is taken, nothing is compiled or submitted', async () => {
    const net = network()
    // The results' buffer is written by the step, so their old value shows whether it ran.
    const before = await net.results()
    const memory = engine.memory()
    const spies = (['createBuffer', 'createComputePipeline'] as const).map((name) =>
      vi.spyOn(GPUDevice.prototype, name),
    )
    const submit = vi.spyOn(GPUQueue.prototype, 'submit')
    const tape = recordTape(engine, net.step)
    for (const spy of [...spies, submit]) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
    expect(tape.entries.length).toBeGreaterThan(10)
    expect(engine.memory()).toEqual(memory)
    expect(await net.results()).toEqual(before)
    net.dispose()
  })

  it('leaves tfjs able to go on, also with kernels that are only promised', async () => {
    const own = await Engine.open(navigator.gpu)
    const sum = (): tf.Scalar => tf.tidy(() => tf.tensor1d([1, 2, 4]).square().sum())
    recordTape(own, () => sum().dispose())
    // The promise of the pipeline is what tfjs has kept; compiling it settles that.
    const tape = recordTape(own, () => sum().dispose())
    await compilePipelines(own, tape)
    const result = sum()
    expect([...(await result.data())]).toEqual([21])
    result.dispose()
    own.check()
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })

  it('reads tensors from outside that were not uploaded yet, and leaves them whole', async () => {
    const outside = tf.tensor1d([1, 2, 3])
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const result = engine.createBuffer('result', 12, usage)
    const step = (): void =>
      tf.tidy(() => {
        const { buffer } = engine.rangeOf(outside.mul(tf.scalar(2)))
        engine.encoder().copyBufferToBuffer(buffer, 0, result, 0, 12)
      })
    const recording = await record({ step })
    recording.replay()
    expect([...new Float32Array(await engine.read(result))]).toEqual([2, 4, 6])
    expect([...(await outside.data())]).toEqual([1, 2, 3])
    recording.dispose()
    outside.dispose()
    engine.destroyBuffer(result)
  })

  it('compiles its kernels together and tells how far it is', async () => {
    const own = await Engine.open(navigator.gpu)
    const heard: CompileProgress[] = []
    own.onCompile((progress) => heard.push(progress))
    const x = tf.tensor1d([1, 2, 3, 4])
    const tape = recordTape(own, () => tf.tidy(() => void gelu(x).exp().sum()))
    await compilePipelines(own, tape)
    expect(heard).toEqual([0, 1, 2, 3].map((done) => ({ stage: 'compiling', done, total: 3 })))
    heard.length = 0
    await compilePipelines(
      own,
      recordTape(own, () => tf.tidy(() => void gelu(x).exp().sum())),
    )
    expect(heard).toEqual([])
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })

  it('compiles the kernels of other work ahead, once', async () => {
    const own = await Engine.open(navigator.gpu)
    const compile = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync')
    const late = vi.spyOn(GPUDevice.prototype, 'createComputePipeline')
    const work = vi.fn(() => tf.tidy(() => gelu(tf.tensor1d([1, 2, 3, 4])).exp()))
    await compileAhead('work', () => work().dispose())
    await compileAhead('work', () => work().dispose())
    expect(work).toHaveBeenCalledTimes(1)
    expect(compile).toHaveBeenCalledTimes(2)
    const result = work()
    expect((await result.data())[0]).toBeCloseTo(Math.exp(0.841345), 4)
    expect(late).not.toHaveBeenCalled()
    result.dispose()
    compile.mockRestore()
    late.mockRestore()
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })

  it('names a kernel that does not compile', async () => {
    const own = await Engine.open(navigator.gpu)
    const code = '@compute @workgroup_size(1) fn main() { nonsense(); }'
    const tape = recordTape(own, () => new Kernel(own, 'broken', code).dispatch([], 1))
    await expect(compilePipelines(own, tape)).rejects.toThrow('broken')
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })
})

describe('a step that cannot be recorded', () => {
  /** The detail of the fault with which recording is refused. */
  const refusal = (step: () => void): string | undefined => {
    try {
      recordTape(engine, step)
    } catch (error) {
      return toFault(error).detail
    }
    return undefined
  }

  it('is refused when it reads from the GPU, by the place', async () => {
    const x = tf.tensor1d([1, 2])
    expect(refusal(() => tf.tidy(() => void engine.backend.readSync(gelu(x).dataId)))).toMatch(
      /reads from the GPU, after operation 0 \(gelu/,
    )
    expect(refusal(() => void engine.backend.readSync(x.dataId))).toMatch(
      /reads from the GPU, at its beginning/,
    )
    x.dispose()
    // Everything is as before.
    const y = tf.tidy(() => tf.tensor1d([3]).square())
    expect([...(await y.data())]).toEqual([9])
    y.dispose()
  })

  it('is refused when it leaves tensors behind', () => {
    const left: tf.Tensor[] = []
    expect(refusal(() => left.push(tf.tensor1d([1, 2]).square()))).toMatch(
      /leaves 2 tensors behind, after operation 0/,
    )
    left.forEach((tensor) => tensor.dispose())
  })

  it('is refused when a number in it changes from step to step, by the operation', async () => {
    let count = 0
    const net = network(() => 1 / ++count)
    const replayable = new Replayable(engine, net.step)
    const error: unknown = await replayable.prepare().catch((e: unknown) => e)
    expect(toFault(error).detail).toMatch(/operation \d+ \(.+\) uses a number that changed/)
    net.dispose()
  })
})

describe('checkReplay', () => {
  it('finds nothing where the replay is the step, and leaves the outputs as they were', async () => {
    const net = network()
    const recording = await record(net)
    const outputs = new Map([['the result', net.result]])
    const before = await net.results()
    expect(await checkReplay(engine, recording, net.step, outputs)).toBeNull()
    expect(await net.results()).toEqual(before)
    recording.dispose()
    net.dispose()
  })

  it('names what differs', async () => {
    let scale = 0.5
    const net = network(() => scale)
    const recording = await record(net)
    scale = 0.75
    const outputs = new Map([['the result', net.result]])
    expect(await checkReplay(engine, recording, net.step, outputs)).toBe(
      'the result, from entry 0 on',
    )
    recording.dispose()
    net.dispose()
  })
})
