import { expect, test } from 'vitest'
import { CIFAR_STATISTICS } from '../../../data/statistics.ts'
import { randomAt, Stream } from '../../../engine/random.ts'
import { noiseImage, trialRanks } from './causality.ts'

// That a check finds what it should is tested with a network: see ../pictures.test.ts.

test('as many trials as segments, as far as there are not too many', () => {
  expect([...trialRanks(1)]).toEqual([0])
  expect([...trialRanks(4)]).toEqual([0, 1, 2, 3])
  expect(trialRanks(64)).toHaveLength(64)
})

test.each([65, 256, 1024])(
  '64 trials are spread over %i segments, from the first to the last',
  (n) => {
    const ranks = [...trialRanks(n)]
    expect(ranks).toHaveLength(64)
    expect([ranks[0], ranks.at(-1)]).toEqual([0, n - 1])
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b))
  },
)

test('noise is made of all bytes, and the same at the same address', () => {
  const noise = (sample: number) =>
    noiseImage(randomAt(1, Stream.disturbance, 2, sample), 1024, CIFAR_STATISTICS)
  expect(noise(3)).toEqual(noise(3))
  expect(noise(4)).not.toEqual(noise(3))
  const { mean, deviation } = CIFAR_STATISTICS
  const bytes = [...noise(3)].map((value, i) => 255 * (value * deviation[i % 3]! + mean[i % 3]!))
  expect(Math.max(...bytes.map((byte) => Math.abs(byte - Math.round(byte))))).toBeLessThan(1e-3)
  expect(Math.min(...bytes)).toBeCloseTo(0, 3)
  expect(Math.max(...bytes)).toBeCloseTo(255, 3)
  expect(new Set(bytes.map(Math.round)).size).toBeGreaterThan(250)
})
