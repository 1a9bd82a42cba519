import * as tf from '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { AdamW } from './adamw.ts'
import { currentEngine } from './current.ts'
import { describeAdapter } from './device.ts'
import { Engine } from './engine.ts'
import { Kernel, kernelNamed } from './kernel.ts'
import { attend } from './ops/attention.ts'
import { gelu } from './ops/gelu.ts'
import { layerNorm } from './ops/layerNorm.ts'
import { linear } from './ops/linear.ts'
import { Parameters } from './parameters.ts'
import { emptyTensor } from './tensors.ts'
import { countDispatches } from './testing/dispatches.ts'
import { noise, worstError } from './testing/noise.ts'
import { linearOracle } from './testing/oracle.ts'
import { take, upload } from './testing/run.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())
afterEach(() => engine.check())

const DOUBLE = `
@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&input)) { result[id.x] = 2.0 * input[id.x]; }
}`

/** Twice a vector, by a kernel of our own. */
function double(x: tf.Tensor): tf.Tensor {
  const result = emptyTensor(x.shape)
  kernelNamed('double', () => DOUBLE).dispatch([x, result], Math.ceil(x.size / 64))
  return result
}

describe('cures for tfjs', () => {
  it.each([
    [16, 4096, 256],
    [64, 2048, 64],
    [8, 2000, 256],
  ])('computes matMul [%i, %i] with transposeB to %i columns right', async (rows, k, columns) => {
    const inputs = [noise([rows, k], 1), noise([columns, k], 2)]
    const zeros = new Float32Array(rows * columns)
    const { value } = linearOracle(inputs, zeros)
    const product = tf.tidy(() => {
      const [a, b] = inputs.map(upload<tf.Rank.R2>)
      return tf.matMul(a!, b!, false, true)
    })
    expect(worstError(await take(product), value)).toBeLessThan(1e-5)
  })

  it.each([2, 7, 8, 9, 13, 14, 40])('adds %i tensors, and leaves none behind', async (count) => {
    const before = tf.memory().numTensors
    const sum = tf.tidy(() => tf.addN(Array.from({ length: count }, (_, i) => tf.fill([5], i + 1))))
    const expected = (count * (count + 1)) / 2
    expect([...(await take(sum))]).toEqual([expected, expected, expected, expected, expected])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('computes on the GPU what tfjs would compute in JavaScript', () => {
    const work = () => tf.tidy(() => void tf.scalar(1).add(tf.scalar(2)))
    expect(countDispatches(work)).toBe(1)
  })

  it('shows new values after a write in place, although the old ones have been read', async () => {
    const x = tf.tensor1d([1, 2, 3])
    const y = double(x)
    expect([...(await y.data())]).toEqual([2, 4, 6])
    kernelNamed('double', () => DOUBLE).dispatch([tf.tensor1d([5, 6, 7]), y], 1)
    // Without the call below tfjs shows what it read before: that is what the call is for.
    expect([...(await y.data())]).toEqual([2, 4, 6])
    engine.markWritten(y)
    expect([...(await y.data())]).toEqual([10, 12, 14])
    tf.dispose([x, y])
  })

  it('turns a GPU validation error into a fault, once heard and always thrown', async () => {
    const own = await Engine.open(navigator.gpu)
    const heard: string[] = []
    const end = own.onFault((fault) => heard.push(fault.code))
    const provoke = async () => {
      own.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
      await own.device.queue.onSubmittedWorkDone()
    }
    expect(() => own.check()).not.toThrow()
    await provoke()
    expect(heard).toEqual(['gpu-error'])
    end()
    await provoke()
    expect(heard).toEqual(['gpu-error'])
    expect(() => own.check()).toThrow('refused')
    expect(own.fault?.detail).not.toBe('')
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })
})

describe('kernels of our own among tfjs operations', () => {
  it('see what was computed before them and are seen by what comes after', async () => {
    const y = tf.tidy(() => double(double(tf.tensor1d([1, 2]).add(1)).add(1)).add(0.5))
    expect([...(await take(y))]).toEqual([10.5, 14.5])
  })

  it('keep a buffer from being recycled while their work waits', () => {
    const x = tf.fill([123], 1)
    const buffer = engine.rangeOf(x).buffer
    engine.submit()
    double(x).dispose()
    x.dispose()
    const waiting = emptyTensor([123])
    expect(engine.rangeOf(waiting).buffer).not.toBe(buffer)
    engine.submit()
    const later = emptyTensor([123])
    const last = emptyTensor([123])
    expect([engine.rangeOf(later).buffer, engine.rangeOf(last).buffer]).toContain(buffer)
    tf.dispose([waiting, later, last])
  })

  it('are submitted in batches, without being asked', () => {
    const { queue } = engine.device
    const x = tf.fill([4], 1)
    let submits = 0
    queue.submit = (buffers) => {
      submits++
      GPUQueue.prototype.submit.call(queue, buffers)
    }
    for (let i = 0; i < 100; i++) double(x).dispose()
    Reflect.deleteProperty(queue, 'submit')
    x.dispose()
    expect(submits).toBe(2)
  })

  it('cover more workgroups than one dimension may have', async () => {
    const size = 32769 * 64 + 5
    const x = tf.fill([size], 20)
    const y = tf.tidy(() => gelu(x).min())
    x.dispose()
    expect([...(await take(y))]).toEqual([20])
  })
})

describe('memory', () => {
  it('counts our own buffers', () => {
    const before = engine.memory().bytes
    const buffer = engine.createBuffer('test', 1024, GPUBufferUsage.STORAGE)
    expect(engine.memory().bytes).toBe(before + 1024)
    engine.destroyBuffer(buffer)
    expect(engine.memory().bytes).toBe(before)
  })

  it('stays the same over 200 steps of a small model', () => {
    const [tokens, width] = [5, 12]
    const spec = (name: string, shape: number[]) => ({
      name,
      shape,
      decay: shape.length > 1,
      learningRateScale: 1,
      initial: () => Float32Array.from(noise(shape, name.length, 0.3).data),
    })
    const parameters = new Parameters(engine, [
      spec('qkv', [3 * width, width]),
      spec('norm', [width]),
      spec('offset', [width]),
      spec('relative', [2, tokens, tokens]),
    ])
    const optimiser = new AdamW(engine, parameters)
    const step = (index: number): void => {
      tf.tidy(() => {
        const x = upload<tf.Rank.R3>(noise([2, tokens, width], index))
        const loss = (...given: tf.Tensor[]) => {
          const get = (name: string) =>
            given[parameters.segments.findIndex((segment) => segment.name === name)]!
          const normed = layerNorm(x, get('norm'), get('offset'), 1e-6)
          const qkv = linear(normed, get('qkv'), null) as tf.Tensor3D
          return gelu(attend({ qkv }, 2, { bias: get('relative') as tf.Tensor3D }))
            .sub(x)
            .square()
            .mean()
        }
        const { value, grads } = tf.valueAndGrads(loss)(parameters.tensors())
        parameters.gatherGradients(grads)
        optimiser.step(value, {
          learningRate: 1e-3,
          beta1: 0.9,
          beta2: 0.95,
          epsilon: 1e-8,
          weightDecay: 0.05,
          clipNorm: 1,
          step: index,
        })
      })
    }
    for (let index = 1; index <= 3; index++) step(index)
    const before = engine.memory()
    for (let index = 4; index <= 203; index++) step(index)
    expect(engine.memory()).toEqual(before)
    optimiser.dispose()
    parameters.dispose()
  })
})

describe('Engine', () => {
  it('reads a buffer after everything encoded before', async () => {
    const x = tf.tensor1d([1, 2, 3])
    const y = double(x)
    expect([...new Float32Array(await engine.read(engine.rangeOf(y).buffer))]).toEqual([2, 4, 6])
    expect([...new Float32Array(await engine.read(engine.rangeOf(y).buffer, 8))]).toEqual([2, 4])
    tf.dispose([x, y])
  })

  it('says that WebGPU or an adapter is missing', async () => {
    const codeOf = async (gpu: Pick<GPU, 'requestAdapter'> | undefined) => {
      const error: unknown = await Engine.open(gpu as GPU | undefined).catch((e: unknown) => e)
      return error instanceof PeekabooError ? error.fault : error
    }
    expect(await codeOf(undefined)).toMatchObject({ code: 'webgpu-missing' })
    const none = { requestAdapter: () => Promise.resolve(null) }
    expect(await codeOf(none)).toMatchObject({ code: 'webgpu-missing' })
    const adapter = await navigator.gpu.requestAdapter()
    Object.defineProperty(adapter, 'requestDevice', {
      value: () => Promise.reject(new Error('no device today')),
    })
    const broken = { requestAdapter: () => Promise.resolve(adapter) }
    expect(await codeOf(broken)).toMatchObject({
      code: 'webgpu-missing',
      detail: 'no device today',
    })
  })

  it('reports a lost device, but not one that it gave back itself', async () => {
    const heard: string[] = []
    const lost = await Engine.open(navigator.gpu)
    lost.onFault((fault) => heard.push(fault.code))
    lost.device.destroy()
    await lost.device.lost
    expect(heard).toEqual(['device-lost'])
    expect(() => lost.check()).toThrow('lost')
    lost.dispose()

    const given = await Engine.open(navigator.gpu)
    given.onFault((fault) => heard.push(fault.code))
    given.dispose()
    await given.device.lost
    expect(heard).toEqual(['device-lost'])
    expect(given.fault).toBeNull()
    engine = await Engine.open(navigator.gpu)
  })

  it('can be given back and opened again, with its kernels and cures', async () => {
    engine.dispose()
    expect(() => currentEngine()).toThrow('no engine')
    engine = await Engine.open(navigator.gpu)
    expect(currentEngine()).toBe(engine)
    const sum = tf.tidy(() => tf.addN(Array.from({ length: 9 }, () => double(tf.tensor1d([1, 2])))))
    expect([...(await take(sum))]).toEqual([18, 36])
  })

  it('reports a kernel that does not compile', async () => {
    const own = await Engine.open(navigator.gpu)
    new Kernel(own, 'broken', 'fn main() { nonsense }').dispatch([], 1)
    await own.device.queue.onSubmittedWorkDone()
    expect(own.fault?.code).toBe('gpu-error')
    own.dispose()
    engine = await Engine.open(navigator.gpu)
  })
})

describe('describeAdapter', () => {
  const info = (parts: Record<string, string>) =>
    ({
      vendor: '',
      architecture: '',
      device: '',
      description: '',
      ...parts,
    }) as unknown as GPUAdapterInfo

  it.each([
    [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100' }, 'NVIDIA H100'],
    [{ vendor: 'apple', architecture: 'metal-3' }, 'apple metal-3'],
    [{ vendor: 'google', architecture: 'swiftshader' }, 'SwiftShader (software)'],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6)' }, 'llvmpipe (software)'],
    [{}, 'GPU'],
  ])('%j is %s', (parts, name) => {
    const described = describeAdapter(info(parts))
    expect(described.name).toBe(name)
    expect(described.software).toBe(name.endsWith('(software)'))
  })
})
