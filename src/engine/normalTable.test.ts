import { describe, expect, it } from 'vitest'
import { normalOf, normalTable } from './normalTable.ts'
import { Stream } from './random.ts'
import { normalsAt } from './randomTwin.ts'
import { erf } from './testing/oracle.ts'

/** Φ(x) */
const cumulative = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

describe('normalOf', () => {
  it('inverts the normal distribution, in all octaves', () => {
    let worst = 0
    const check = (word: number): void => {
      const x = normalOf(word)
      const p = (2 * word + 1) / 2 ** 33
      // How far x is from Φ⁻¹(1 − p), to first order; erf(−z) = −erf(z), so Φ(−x) keeps its digits far out.
      const off = Math.abs((0.5 - erf(x / Math.SQRT2) / 2 - p) / density(x))
      const float = 2 ** -24 * x
      const oracle = 2e-16 / density(x)
      worst = Math.max(worst, off - float - oracle)
    }
    for (let bit = 0; bit < 31; bit++)
      for (let i = 0; i < 400; i++)
        check(Math.min(2 ** 31 - 1, 2 ** bit + Math.floor((i * 2 ** bit) / 400)))
    for (let word = 0; word < 200; word++) check(word)
    expect(worst).toBeLessThan(3e-8)
  })

  it('is odd, falls as the bits rise, and ends at 6.34', () => {
    let last = Infinity
    for (let word = 0; word < 2 ** 31; word += 99_991) {
      const x = normalOf(word)
      expect(x).toBeLessThanOrEqual(last)
      expect(normalOf(word + 2 ** 31)).toBe(0 - x)
      last = x
    }
    expect(normalOf(0)).toBeCloseTo(6.337957, 5)
    expect(normalOf(0x7fffffff)).toBe(0)
    expect(normalOf(0xffffffff)).toBe(0)
    expect(Math.fround(normalOf(12345))).toBe(normalOf(12345))
  })

  it('has a table that is the same everywhere', () => {
    // FNV-1a over the words: another table would be another sequence, and runs could not be repeated.
    const hash = normalTable().reduce((sum, word) => Math.imul(sum ^ word, 0x01000193), 0x811c9dc5)
    expect((hash >>> 0).toString(16)).toBe('62864426')
  })
})

describe('normal numbers', () => {
  const count = 400_000
  const x = normalsAt({ seed: 5, stream: Stream.samples, step: 1, sample: 2 }, count)
  const moment = (power: number): number =>
    x.reduce((sum, value) => sum + value ** power, 0) / count

  // Standard errors of the sample moments are √(Var xᵏ / n); four of them.
  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
    [6, 15, 10_170],
  ])('moment %i is %i', (power, expected, variance) => {
    expect(Math.abs(moment(power) - expected)).toBeLessThan(4 * Math.sqrt(variance / count))
  })

  it('pass the Kolmogorov–Smirnov test', () => {
    const sorted = x.slice().sort()
    let distance = 0
    sorted.forEach((value, i) => {
      const share = cumulative(value)
      distance = Math.max(distance, share - i / count, (i + 1) / count - share)
    })
    // 1 in 1000 samples of a normal distribution is further off.
    expect(distance * Math.sqrt(count)).toBeLessThan(1.95)
    // And 1 in 1000 is nearer: numbers that were too even would not be random either.
    expect(distance * Math.sqrt(count)).toBeGreaterThan(0.37)
  })

  it.each([2, 3, 4])('have the right tails beyond ±%i', (limit) => {
    const expected = 2 * count * (1 - cumulative(limit))
    const found = x.reduce((sum, value) => sum + Number(Math.abs(value) > limit), 0)
    expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected))
  })

  it('are independent of their neighbours', () => {
    let sum = 0
    for (let i = 1; i < count; i++) sum += x[i]! * x[i - 1]!
    expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count))
  })
})
