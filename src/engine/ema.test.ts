import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Ema } from './ema.ts'
import { Parameters, type ParameterSpec } from './parameters.ts'
import { Replayable } from './recording/replayable.ts'
import { noise, worstError } from './testing/noise.ts'
import { useEngine } from './testing/opCase.ts'

const engine = useEngine()

const SHAPES: [name: string, shape: number[], decay: boolean][] = [
  ['encoder.weight', [37, 129], true],
  ['encoder.bias', [1], false],
  ['predictor.weight', [65, 3], true],
  ['projector.weight', [9, 7], true],
  ['token', [257], false],
]

const initialOf = (index: number): Float32Array =>
  Float32Array.from(noise(SHAPES[index]![1], index).data)

const specs: ParameterSpec[] = SHAPES.map(([name, shape, decay], i) => ({
  name,
  shape,
  decay,
  learningRateScale: 1,
  initial: () => initialOf(i),
}))

const isEncoder = (name: string): boolean => !name.startsWith('predictor')

const setUp = (averaged?: (name: string) => boolean) => {
  const parameters = new Parameters(engine(), specs)
  const ema = new Ema(engine(), parameters, averaged)
  /** Replaces the parameters by reproducible noise; what lies between them stays 0. */
  const move = (seed: number): Map<string, Float32Array> => {
    const values = new Float32Array(parameters.length)
    const moved = new Map<string, Float32Array>()
    for (const { name, shape, offset } of parameters.segments) {
      const one = Float32Array.from(noise(shape, seed + offset).data)
      values.set(one, offset)
      moved.set(name, one)
    }
    const zeros = new Float32Array(parameters.length)
    parameters.write(values, zeros, zeros)
    return moved
  }
  const update = (momentum: number, latch: GPUBuffer | null = null): void => {
    ema.prepare(momentum)
    ema.encode(latch)
    engine().submit()
  }
  const dispose = (): void => {
    ema.dispose()
    parameters.dispose()
  }
  return { parameters, ema, move, update, dispose }
}

describe('Ema', () => {
  it.each([
    ['all parameters', undefined, 5],
    ['all but the predictor', isEncoder, 4],
    ['one parameter', (name: string) => name === 'projector.weight', 1],
  ])('agrees with float64 over three updates of %s', async (_, averaged, count) => {
    const { ema, move, update, dispose } = setUp(averaged)
    expect(ema.segments).toHaveLength(count)
    const expected = new Map(
      ema.segments.map(({ name }) => {
        const index = SHAPES.findIndex(([one]) => one === name)
        return [name, Array.from(initialOf(index))]
      }),
    )
    for (const [i, momentum] of [0.9, 0.996, 0.5].entries()) {
      const moved = move(1000 * i)
      update(momentum)
      for (const [name, average] of expected) {
        average.forEach((value, at) => {
          average[at] = momentum * value + (1 - momentum) * moved.get(name)![at]!
        })
        expect(worstError(await ema.get(name).data(), average), name).toBeLessThan(2e-7)
      }
    }
    const flat = await ema.read()
    for (const { name, offset, size } of ema.segments)
      expect(flat.slice(offset, offset + size)).toEqual(await ema.get(name).data())
    dispose()
  })

  it('starts as a copy, stays one with momentum 1, and becomes one with momentum 0', async () => {
    const { ema, parameters, move, update, dispose } = setUp(isEncoder)
    const start = await ema.get('token').data()
    expect(start).toEqual(initialOf(4))
    expect(ema.has('predictor.weight')).toBe(false)
    expect(() => ema.get('predictor.weight')).toThrow('predictor.weight')
    move(3)
    update(1)
    expect(await ema.get('token').data()).toEqual(start)
    update(0)
    for (const { name } of ema.segments)
      expect(await ema.get(name).data(), name).toEqual(await parameters.get(name).data())
    dispose()
  })

  it('takes each update with its own momentum although none is awaited', async () => {
    const waiting = setUp(isEncoder)
    const running = setUp(isEncoder)
    for (const [i, momentum] of [0.9, 0.5, 0.99].entries()) {
      waiting.move(i)
      waiting.update(momentum)
      await engine().device.queue.onSubmittedWorkDone()
      running.move(i)
      running.update(momentum)
    }
    expect(await running.ema.read()).toEqual(await waiting.ema.read())
    waiting.dispose()
    running.dispose()
  })

  it('follows the momentum although the step was recorded', async () => {
    const eager = setUp(isEncoder)
    const recorded = setUp(isEncoder)
    const step = new Replayable(engine(), () => recorded.ema.encode(null))
    for (const [i, momentum] of [0.9, 0.5, 0.99].entries()) {
      eager.move(i)
      eager.update(momentum)
      recorded.move(i)
      recorded.ema.prepare(momentum)
      await step.run()
      expect(await recorded.ema.read()).toEqual(await eager.ema.read())
    }
    step.dispose()
    eager.dispose()
    recorded.dispose()
  })

  /** The status of an optimiser. */
  const createLatch = (): { latch: GPUBuffer; close: (closed: boolean) => void } => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const latch = engine().createBuffer('latch', 16, usage)
    const close = (closed: boolean): void => {
      engine().device.queue.writeBuffer(latch, 0, Float32Array.of(0, Number(closed), 0, 0))
    }
    return { latch, close }
  }

  it('is written and read, and obeys a latch', async () => {
    const { ema, move, update, dispose } = setUp(isEncoder)
    const values = Float32Array.from(noise([ema.length], 4).data)
    ema.write(values)
    expect(await ema.read()).toEqual(values)
    move(5)
    const { latch, close } = createLatch()
    close(true)
    update(0.5, latch)
    expect(await ema.read()).toEqual(values)
    close(false)
    update(0.5, latch)
    expect(await ema.read()).not.toEqual(values)
    engine().destroyBuffer(latch)
    dispose()
  })

  it('takes back, bit for bit, the update after which the latch closed', async () => {
    const { ema, move, update, dispose } = setUp(isEncoder)
    const { latch, close } = createLatch()
    move(1)
    update(0.9, latch)
    const good = await ema.read()
    move(2)
    update(0.7, latch)
    const bad = await ema.read()
    expect(bad).not.toEqual(good)
    close(true)
    move(3)
    update(0.5, latch)
    expect(await ema.read()).toEqual(bad)
    ema.takeBack()
    expect(await ema.read()).toEqual(good)
    // The same again does the same again.
    close(false)
    move(2)
    update(0.7, latch)
    expect(await ema.read()).toEqual(bad)
    engine().destroyBuffer(latch)
    dispose()
  })

  it.each([
    ['all parameters', undefined],
    ['all but the predictor', isEncoder],
    ['one value', (name: string) => name === 'encoder.bias'],
  ])('says how far %s are from their averages, as float64 does', async (_, averaged) => {
    const { ema, move, update, dispose } = setUp(averaged)
    const distance = async (): Promise<number> => {
      const scalar = ema.distance()
      const [value] = await scalar.data()
      expect(scalar.shape).toEqual([])
      scalar.dispose()
      return value!
    }
    expect(await distance()).toBe(0)
    for (const momentum of [0, 0.5, 0.999]) {
      const moved = move(100)
      update(momentum)
      const averages = await ema.read()
      let [apart, size] = [0, 0]
      for (const { name, offset } of ema.segments)
        moved.get(name)!.forEach((value, i) => {
          apart += (averages[offset + i]! - value) ** 2
          size += value ** 2
        })
      const expected = Math.sqrt(apart / size)
      const measured = await distance()
      expect(Math.abs(measured - expected)).toBeLessThanOrEqual(2e-6 * expected)
      expect(await distance()).toBe(measured)
      const others = new Float32Array(ema.length)
      for (const { offset, shape } of ema.segments) others.set(noise(shape, 8).data, offset)
      ema.write(others)
    }
    dispose()
  })

  it('says so as well for a network of the usual size', async () => {
    const count = 300_003
    const values = Float32Array.from(noise([count], 5, 0.1).data)
    const spec = {
      name: 'large',
      shape: [count],
      decay: true,
      learningRateScale: 1,
      initial: () => values,
    }
    const parameters = new Parameters(engine(), [spec], () => true)
    const teacher = parameters.teacher!
    const averages = new Float32Array(teacher.length)
    averages.set(noise([count], 6, 0.1).data)
    teacher.write(averages)
    let [apart, size] = [0, 0]
    values.forEach((value, i) => {
      apart += (averages[i]! - value) ** 2
      size += value ** 2
    })
    const scalar = teacher.distance()
    expect((await scalar.data())[0]! / Math.sqrt(apart / size)).toBeCloseTo(1, 5)
    scalar.dispose()
    parameters.dispose()
  })

  it('lies in tensors that operations read, and gives everything back', async () => {
    const before = engine().memory()
    const { ema, dispose } = setUp()
    const double = tf.tidy(() => ema.get('encoder.bias').mul<tf.Tensor>(tf.scalar(2)))
    expect((await double.data())[0]).toBe(2 * initialOf(1)[0]!)
    double.dispose()
    dispose()
    engine().submit()
    expect(engine().memory().tensors).toBe(before.tensors)
    const after = engine().memory()
    setUp(isEncoder).dispose()
    setUp(isEncoder).dispose()
    expect(engine().memory().bytes - after.bytes).toBeLessThan(64)
  })
})
