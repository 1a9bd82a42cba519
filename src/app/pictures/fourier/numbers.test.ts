import { expect, test } from 'vitest'
import type { KeptCurve } from '../../../store/keptCurves.ts'
import { frequencyAt, isKept, ofSamples, paintedMap, sharesOf, waveOf } from './numbers.ts'

test('values are those of one sample, or the mean over all of them', () => {
  const values = Float32Array.of(1, 2, 3, 5, 6, 7)
  expect([...ofSamples(values, 2, 0)]).toEqual([1, 2, 3])
  expect([...ofSamples(values, 2, 1)]).toEqual([5, 6, 7])
  expect([...ofSamples(values, 2, null)]).toEqual([3, 4, 5])
})

test('amplitudes are painted by powers of ten, at most four of them, shares as they are', () => {
  const { heights, range, ends } = paintedMap(Float32Array.of(100, 10, 1), 'log')
  expect([...heights]).toEqual([2, 1, 0])
  expect(range).toEqual({ bottom: 0, top: 2 })
  expect(ends).toEqual({ bottom: 1, top: 100 })
  const faint = paintedMap(Float32Array.of(0, 100), 'log')
  expect(faint.range.bottom).toBeCloseTo(-2, 12)
  expect(faint.heights[0]).toBeLessThan(-2)
  const shares = paintedMap(Float32Array.of(0.25, 0.5), 'linear')
  expect(shares.range).toEqual({ bottom: 0, top: 1 })
  expect([...shares.heights]).toEqual([0.25, 0.5])
})

test('a spectrum of zeros is dark, and no number is lost', () => {
  const { heights, range } = paintedMap(new Float32Array(4), 'log')
  expect([...heights, range.bottom, range.top].every(Number.isFinite)).toBe(true)
  expect(Math.max(...heights)).toBeLessThanOrEqual(range.top)
})

test('the constant part lies in the middle', () => {
  expect(frequencyAt({ row: 16, column: 16 }, 32)).toEqual({ across: 0, down: 0 })
  expect(frequencyAt({ row: 0, column: 31 }, 32)).toEqual({ across: 15, down: -16 })
  expect(frequencyAt({ row: 2, column: 2 }, 5)).toEqual({ across: 0, down: 0 })
})

test('a wave has so many crests across and down', () => {
  const greys = (across: number, down: number) =>
    [...waveOf({ across, down }, 4)].filter((_, byte) => byte % 4 === 0)
  expect(greys(0, 0)).toEqual(Array<number>(16).fill(255))
  expect(greys(2, 0).slice(0, 4)).toEqual([255, 1, 255, 1])
  expect(greys(0, 1).filter((_, at) => at % 4 === 0)).toEqual([255, 128, 1, 128])
  expect(waveOf({ across: 1, down: 1 }, 4).filter((_, byte) => byte % 4 === 3)).toEqual(
    new Uint8ClampedArray(16).fill(255),
  )
})

test('a layer’s frequencies are shares of the highest that its cells can show', () => {
  expect(sharesOf(new Float32Array(4), 8)).toEqual([0, 0.25, 0.5, 0.75])
  expect(sharesOf(new Float32Array(1), 1)).toEqual([0])
})

test('a curve is kept once; one of another image, step or kind is another one', () => {
  const curve: Omit<KeptCurve, 'id'> = {
    ...{ curve: 'distance', sample: 3, at: [0, 1], values: [2, 1], step: 5 },
    ...{ method: 'method', settings: {} },
  }
  expect(isKept([], curve)).toBe(false)
  const kept = [{ ...curve, id: 1 }]
  expect(isKept(kept, curve)).toBe(true)
  const others = [{ sample: null }, { step: 6 }, { curve: 'share' }, { values: [2, 0] }]
  for (const other of others) expect(isKept(kept, { ...curve, ...other })).toBe(false)
})
