import { describe, expect, it } from 'vitest'
import { componentColours } from './componentColours.ts'

/** Scores of three components: rows of [red, green, blue]. */
const scores = (...rows: readonly (readonly number[])[]): Float64Array =>
  Float64Array.from(rows.flat())

describe('componentColours', () => {
  it('stretches every component on its own', () => {
    expect([...componentColours(scores([-1, 0, 5], [0, 10, 6], [1, 5, 7]))]).toEqual([
      ...[0, 0, 0],
      ...[128, 255, 128],
      ...[255, 128, 255],
    ])
  })

  it('lets outliers be cut off instead of pressing all others together', () => {
    const rows = Array.from({ length: 100 }, (_, i) => [i, i, i])
    const colours = componentColours(scores(...rows, [1e6, -1e6, 50]))
    expect([...colours.slice(-3)]).toEqual([255, 0, 129])
    expect(colours[3 * 50]).toBeGreaterThan(120)
    expect(colours[3 * 50]).toBeLessThan(136)
  })

  it('shows what does not vary in the middle', () => {
    expect([...componentColours(scores([2, 0, 1], [2, 0, 3]))]).toEqual([
      128, 128, 0, 128, 128, 255,
    ])
  })
})
