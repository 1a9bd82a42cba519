import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatPlace,
  formatTick,
  formatValue,
  formatValueTick,
  placeScale,
  valueScale,
} from './axes.ts'

const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const positives = fc.double({ min: 1e-9, max: 1e6, noNaN: true })

describe('the horizontal axis', () => {
  test('begins at 0 and ends at the last point, with round ticks', () => {
    expect(placeScale(1, 3210, 'step')).toEqual({ domain: [0, 3210], ticks: [0, 1000, 2000, 3000] })
    expect(placeScale(1, 3, 'step').ticks).toEqual([0, 1, 2, 3])
    expect(placeScale(0.01, 0.42, 'epoch').ticks).toEqual(
      [0, 0.1, 0.2, 0.3, 0.4].map((tick) => expect.closeTo(tick) as number),
    )
  })

  test('counts time in minutes and hours', () => {
    expect(placeScale(1, 400, 'seconds').ticks).toEqual([0, 120, 240, 360])
    expect(placeScale(1, 30_000, 'seconds').ticks).toEqual([0, 7200, 14_400, 21_600, 28_800])
  })

  test('goes to the whole of a share, in fifths', () => {
    const { domain, ticks } = placeScale(0, 1, 'share')
    expect(domain).toEqual([0, 1])
    expect(ticks.map((tick) => formatTick(tick, 'share'))).toEqual([
      '0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1',
    ])
  })

  test('begins late where the charts do', () => {
    expect(placeScale(5001, 5600, 'step')).toEqual({
      domain: [5001, 5600],
      ticks: [5001, 5200, 5400, 5600],
    })
  })
})

describe('the vertical axis', () => {
  test('has round ticks around the values', () => {
    expect(valueScale(0.31, 1.28, false, 5)).toEqual({
      domain: [0.2, 1.4],
      ticks: [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4],
    })
    expect(valueScale(0, 0.001, false, 2).ticks).toEqual([0, 0.0005, 0.001])
  })

  test('holds all values, whatever they are, with few ticks', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 2, max: 6 }), (a, b, count) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const { domain, ticks } = valueScale(low, high, false, count)
        const slack = 1e-6 * Math.max(Math.abs(low), Math.abs(high)) + 1e-99
        expect(domain[0]).toBeLessThanOrEqual(low + slack)
        expect(domain[1]).toBeGreaterThanOrEqual(high - slack)
        expect(domain[0]).toBeLessThan(domain[1])
        expect(ticks.length).toBeLessThanOrEqual(count + 3)
      }),
    )
  })

  test('counts in powers of ten on a logarithmic scale', () => {
    expect(valueScale(0.003, 40, true, 5)).toEqual({
      domain: [0.001, 100],
      ticks: [0.001, 0.01, 0.1, 1, 10, 100],
    })
    expect(valueScale(0.3, 1.3, true, 5).ticks).toEqual([0.2, 0.5, 1, 2])
    fc.assert(
      fc.property(positives, positives, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const { domain } = valueScale(low, high, true, 5)
        expect(domain[0]).toBeGreaterThan(0)
        expect(domain[0]).toBeLessThanOrEqual(low)
        expect(domain[1]).toBeGreaterThanOrEqual(high)
        expect(domain[0]).toBeLessThan(domain[1])
      }),
    )
  })

  test('stands by while there are no values', () => {
    expect(valueScale(Infinity, -Infinity, false, 5).domain).toEqual([0, 1])
  })
})

test('places and values in words', () => {
  expect(formatTick(90, 'seconds')).toBe('1:30')
  expect(formatTick(12_000, 'step')).toBe('12 k')
  expect(formatPlace(1200.4, 'step')).toBe('Step 1,200')
  expect(formatPlace(1.23456, 'epoch')).toBe('Epoch 1.235')
  expect(formatPlace(25_600, 'images')).toBe('25,600 images')
  expect(formatPlace(2 / 14, 'share')).toBe('14.3 %')
  expect([0.39214, 1.23e-5, 2443.4, 0].map(formatValue)).toEqual(['0.392', '1.23e-5', '2,443', '0'])
})

test('values near 1 tell how far from 1 they are', () => {
  expect([0.996, 0.99872, 0.9999964, 0.95123, 1, -0.99872].map(formatValue)).toEqual([
    '0.996',
    '0.99872',
    '0.999996',
    '0.951',
    '1',
    '-0.99872',
  ])
  // What 32 bits make of 0.996.
  expect(formatValue(Math.fround(0.996))).toBe('0.996')
})

test('what ticks cannot tell apart is flat', () => {
  const { ticks } = valueScale(0.996, 0.996_002, false, 2)
  expect(new Set(ticks.map((tick) => formatValueTick(tick, ticks))).size).toBe(ticks.length)
  const { ticks: close } = valueScale(0.996, 0.996_05, false, 2)
  expect(close.map((tick) => formatValueTick(tick, close))).toEqual(['0.996', '0.99605'])
})

test('ticks that lie close together differ in words', () => {
  const texts = (ticks: number[]) => ticks.map((tick) => formatValueTick(tick, ticks))
  expect(texts([0.0027, 0.002705, 0.00271])).toEqual(['2.7e-3', '2.705e-3', '2.71e-3'])
  expect(texts([0, 0.2, 0.4])).toEqual(['0', '0.2', '0.4'])
  expect(texts([1000, 2000])).toEqual(['1,000', '2,000'])
  expect(texts([0.65, 0.652, 0.654])).toEqual(['0.65', '0.652', '0.654'])
})
