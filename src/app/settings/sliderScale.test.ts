import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import type { NumberRow } from '../../settings/rows.ts'
import { integer, real } from '../../settings/rows.ts'
import { sliderScale } from './sliderScale.ts'

const text = { label: '', help: '', group: '', effect: 'live', provenance: 'own' } as const
const ratio = real({ ...text, default: 0.6, min: 0.05, max: 0.95, step: 0.01 })
const rate = real({ ...text, default: 1e-3, min: 1e-6, max: 1e-1, step: 1e-5, scale: 'log' })
const batch = integer({ ...text, default: 128, min: 1, max: 1024, step: 1, scale: 'log' })
const width = integer({ ...text, default: 192, min: 12, max: 768, step: 12 })

const numberRows = methods.flatMap(({ table }) =>
  Object.values(table).filter((row): row is NumberRow => row.kind === 'number'),
)

describe('a slider', () => {
  test('gives round values without the noise of adding', () => {
    const { toValue } = sliderScale(ratio)!
    expect([0.3, 0.07, 0.1 + 0.2, 0.6000001].map(toValue)).toEqual([0.3, 0.07, 0.3, 0.6])
    expect(sliderScale(width)!.toValue(100)).toBe(96)
  })

  test('of a logarithmic row moves by equal factors', () => {
    const { toPosition, toValue } = sliderScale(rate)!
    const tenfold = toPosition(1e-4) - toPosition(1e-5)
    expect(toPosition(1e-2) - toPosition(1e-3)).toBeCloseTo(tenfold, 6)
    expect(toValue(toPosition(1e-3))).toBe(1e-3)
    expect(toValue(toPosition(0.0123))).toBe(0.012)
  })

  test('of whole numbers gives whole numbers, the ends too', () => {
    const { min, max, toValue } = sliderScale(batch)!
    expect([toValue(min), toValue(max)]).toEqual([1, 1024])
    for (let position = min; position <= max; position++)
      expect(Number.isInteger(toValue(position))).toBe(true)
  })

  test('never leaves the range of its row, and goes up when it is moved up', () => {
    for (const row of numberRows) {
      const scale = sliderScale(row)
      if (!scale) continue
      const positions = fc.double({ min: scale.min, max: scale.max, noNaN: true })
      fc.assert(
        fc.property(positions, positions, (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map(scale.toValue)
          expect(low).toBeLessThanOrEqual(high!)
          expect(low).toBeGreaterThanOrEqual(row.min)
          expect(high).toBeLessThanOrEqual(row.max)
        }),
        { numRuns: 50 },
      )
    }
  })

  test('is left out where nobody could hit a value', () => {
    const seed = integer({ ...text, default: 1, min: 0, max: 4294967295, step: 1 })
    expect(sliderScale(seed)).toBeNull()
  })
})
