import { describe, expect, it } from 'vitest'
import { philox, randomAt, randomPermutation, Stream, truncatedNormal } from './random.ts'

const block = (counter: [number, number, number, number], key: [number, number]): number[] => {
  const out = new Uint32Array(4)
  philox(counter, key, out)
  return [...out]
}

describe('philox 4x32-10', () => {
  // Known answers published with the Random123 library.
  it('gives the published answers', () => {
    expect(block([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
    const ones = 0xffffffff
    expect(block([ones, ones, ones, ones], [ones, ones])).toEqual([
      0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
    ])
    expect(
      block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
    ).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1])
  })
})

describe('randomAt', () => {
  it('repeats at the same address and differs at any other', () => {
    const first = (seed: number, stream: 1 | 2, a: number, b: number): number =>
      randomAt(seed, stream, a, b).word()
    const here = first(7, Stream.init, 3, 5)
    expect(first(7, Stream.init, 3, 5)).toBe(here)
    const others = [
      first(8, Stream.init, 3, 5),
      first(7, Stream.order, 3, 5),
      first(7, Stream.init, 4, 5),
      first(7, Stream.init, 3, 6),
      first(7, Stream.init, 3 + 2 ** 32, 5),
    ]
    for (const other of others) expect(other).not.toBe(here)
  })

  it('is uniform and normal to within sampling error', () => {
    const random = randomAt(1, Stream.views)
    const count = 40_000
    let sum = 0
    let squares = 0
    for (let i = 0; i < count; i++) sum += random.uniform()
    expect(Math.abs(sum / count - 0.5)).toBeLessThan(0.01)
    sum = 0
    for (let i = 0; i < count; i++) {
      const draw = random.normal()
      sum += draw
      squares += draw * draw
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.03)
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.05)
  })

  it('permutes', () => {
    const order = randomPermutation(randomAt(3, Stream.order), 100)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(randomPermutation(randomAt(3, Stream.order), 100, 10)).toEqual(order.slice(0, 10))
  })

  it('cuts the truncated normal at ±2', () => {
    const random = randomAt(1, Stream.init)
    for (let i = 0; i < 2000; i++)
      expect(Math.abs(truncatedNormal(random, 5))).toBeLessThanOrEqual(2)
  })
})
