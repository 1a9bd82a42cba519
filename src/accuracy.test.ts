import { describe, expect, test } from 'vitest'
import { uncertainty } from './accuracy.ts'

describe('the uncertainty of an accuracy', () => {
  test('is that of a coin thrown so often', () => {
    expect(uncertainty(50, 10_000)).toBeCloseTo(0.98, 6)
    expect(uncertainty(37.2, 2000)).toBeCloseTo(2.12, 2)
  })

  test('is nothing where all is right', () => {
    expect(uncertainty(100, 10)).toBe(0)
  })
})
