import { afterEach, describe, expect, it, vi } from 'vitest'
import { interleave, median } from './statistics.ts'

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([7])).toBe(7)
    expect(median([9, 1, 30])).toBe(9)
    expect(median([100, 1, 3, 2])).toBe(2.5)
    expect(() => median([])).toThrow()
  })

  it('leaves its argument as it is', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('interleave', () => {
  afterEach(() => vi.restoreAllMocks())

  it('asks all in turns, another one first in every round, and gives each its own median', async () => {
    const asked: string[] = []
    const values = { a: [1, 9, 2], b: [30, 10, 20] }
    const medians = await interleave(
      ['a', 'b'] as const,
      (one) => {
        asked.push(one)
        return Promise.resolve(values[one].shift()!)
      },
      { leastRounds: 3, mostRounds: 3, budget: 0 },
    )
    expect(asked.join('')).toBe('abbaab')
    expect(medians).toEqual(
      new Map([
        ['a', 2],
        ['b', 20],
      ]),
    )
  })

  it.each([
    ['never fewer rounds than the least', 1000, 4],
    ['no further round once the budget is spent', 10, 6],
    ['never more rounds than the most', 0, 8],
  ])('asks %s', async (_, roundMs, rounds) => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    let asked = 0
    const ask = () => {
      asked++
      now += roundMs
      return Promise.resolve(1)
    }
    await interleave(['a'], ask, { leastRounds: 4, mostRounds: 8, budget: 50 })
    expect(asked).toBe(rounds)
  })
})
