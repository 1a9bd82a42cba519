import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Stream } from '../random.ts'
import { Replayable } from '../recording/replayable.ts'
import { RandomClock } from '../randomClock.ts'
import {
  bernoullisAt,
  normalsAt,
  permutationAt,
  uniformsAt,
  type TwinAddress,
} from '../randomTwin.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { useEngine } from '../testing/opCase.ts'
import { take } from '../testing/run.ts'
import { randomBernoulli, randomNormal, randomPermutations, randomUniform } from './random.ts'

const engine = useEngine()

const SEED = 0xdeadbeef
let clock: RandomClock
beforeAll(() => {
  clock = new RandomClock(engine(), SEED)
})
afterAll(() => clock.dispose())

/** All samples of a twin, one after the other. */
const samples = (
  count: number,
  first: number,
  step: number,
  twin: (address: TwinAddress) => Float32Array,
): number[] =>
  Array.from({ length: count }, (_, sample) => [
    ...twin({ seed: SEED, stream: Stream.mask, step, sample: first + sample }),
  ]).flat()

const STEPS = [0, 1, 2 ** 32 + 3, 2 ** 53 - 1]
const SHAPES: [number, ...number[]][] = [[1], [3, 1], [5, 7], [4, 64, 3], [130, 129]]

describe('the GPU gives the bits of the host', () => {
  describe.each(STEPS)('at step %d', (step) => {
    it.each(SHAPES)('in [%i,%i,%i]', async (...sides) => {
      const shape = sides.filter(Number.isInteger)
      const size = shape.slice(1).reduce((product, side) => product * side, 1)
      const address = { clock, stream: Stream.mask, firstSample: 11 }
      clock.set(step)
      const twins = (twin: (at: TwinAddress) => Float32Array): number[] =>
        samples(shape[0]!, 11, step, twin)
      expect([...(await take(randomUniform(shape as [number], address)))]).toEqual(
        twins((at) => uniformsAt(at, size)),
      )
      expect([...(await take(randomNormal(shape as [number], address)))]).toEqual(
        twins((at) => normalsAt(at, size)),
      )
      expect([...(await take(randomBernoulli(shape as [number], 0.3, address)))]).toEqual(
        twins((at) => bernoullisAt(at, size, 0.3)),
      )
    })
  })

  it.each([
    [1, 1],
    [3, 2],
    [16, 64],
    [5, 257],
  ])('in permutations [%i,%i]', async (rows, length) => {
    clock.set(7)
    const { order, rank } = randomPermutations(rows, length, { clock, stream: Stream.mask })
    const [orders, ranks] = [await order.data(), await rank.data()]
    tf.dispose([order, rank])
    for (let sample = 0; sample < rows; sample++) {
      const twin = permutationAt({ seed: SEED, stream: Stream.mask, step: 7, sample }, length)
      expect(orders.slice(sample * length, (sample + 1) * length)).toEqual(twin.order)
      expect(ranks.slice(sample * length, (sample + 1) * length)).toEqual(twin.rank)
      expect([...twin.order].sort((a, b) => a - b)).toEqual([...Array(length).keys()])
    }
  })

  it('to the far ends of the normal distribution', async () => {
    const shape: [number, number] = [64, 4096]
    clock.set(3)
    const values = await take(randomNormal<tf.Rank.R2>(shape, { clock, stream: Stream.mask }))
    expect(values.some((value) => value < -4)).toBe(true)
    expect(values.some((value) => value > 4)).toBe(true)
    const twin = samples(64, 0, 3, (at) => normalsAt(at, 4096))
    expect(values.every((value, i) => Object.is(value, twin[i]))).toBe(true)
  })
})

describe('what is drawn', () => {
  it('follows the clock although the step was recorded', async () => {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const kept = engine().createBuffer('kept', 4 * 24, usage)
    const step = new Replayable(engine(), () => {
      tf.tidy(() => {
        const address = { clock, stream: Stream.mask }
        const { order } = randomPermutations(2, 6, address)
        const normal = randomNormal<tf.Rank.R2>([2, 6], address)
        const [from, to] = [order, normal].map((tensor) => engine().rangeOf(tensor))
        const encoder = engine().encoder()
        encoder.copyBufferToBuffer(from!.buffer, from!.offset, kept, 0, 48)
        encoder.copyBufferToBuffer(to!.buffer, to!.offset, kept, 48, 48)
      })
    })
    for (const now of [5, 6]) {
      clock.set(now)
      await step.run()
      const bytes = await engine().read(kept)
      for (const sample of [0, 1]) {
        const address = { seed: SEED, stream: Stream.mask, step: now, sample }
        const { order } = permutationAt(address, 6)
        expect(new Int32Array(bytes, 24 * sample, 6)).toEqual(order)
        expect(new Float32Array(bytes, 48 + 24 * sample, 6)).toEqual(normalsAt(address, 6))
      }
    }
    step.dispose()
    engine().destroyBuffer(kept)
  })

  it('changes with step and stream, and comes again at the same address', async () => {
    const draw = async (step: number, stream: 4 | 5): Promise<Float32Array> => {
      clock.set(step)
      return take(randomUniform<tf.Rank.R1>([8], { clock, stream }))
    }
    const first = await draw(1, Stream.mask)
    expect(await draw(2, Stream.mask)).not.toEqual(first)
    expect(await draw(1, Stream.dropPath)).not.toEqual(first)
    expect(await draw(1, Stream.mask)).toEqual(first)
  })

  it('keeps to its step although none is awaited', async () => {
    const draws = [1, 2, 3].map((step) => {
      clock.set(step)
      return randomUniform<tf.Rank.R2>([2, 5], { clock, stream: Stream.mask })
    })
    const values = await Promise.all(draws.map(take))
    values.forEach((drawn, i) => {
      expect([...drawn]).toEqual(samples(2, 0, i + 1, (at) => uniformsAt(at, 5)))
    })
  })

  it.each([
    [0, 0, 0],
    [1, 1, 1],
    [0.25, 0.24, 0.26],
  ])('is 1 with probability %f', async (probability, least, most) => {
    clock.set(9)
    const shape: [number, number] = [16, 1024]
    const values = await take(
      randomBernoulli<tf.Rank.R2>(shape, probability, { clock, stream: Stream.mask }),
    )
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean).toBeGreaterThanOrEqual(least)
    expect(mean).toBeLessThanOrEqual(most)
  })

  it('has every permutation equally often', () => {
    const counts = new Map<string, number>()
    const draws = 24_000
    for (let sample = 0; sample < draws; sample++) {
      const key = permutationAt({ seed: 1, stream: Stream.mask, step: 0, sample }, 4).order.join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const expected = draws / 24
    const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    // 23 degrees of freedom: 1 in 1000 is above.
    expect(chi2).toBeLessThan(49.7)
  })

  it('costs one dispatch, permutations two', () => {
    const address = { clock, stream: Stream.mask }
    expect(countDispatches(() => randomNormal<tf.Rank.R1>([9], address).dispose())).toBe(1)
    expect(countDispatches(() => tf.dispose({ ...randomPermutations(2, 9, address) }))).toBe(2)
  })
})
