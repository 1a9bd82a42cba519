import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import { contextsOf, contextsUpTo } from './contexts.ts'
import { interactionOrders, ordersOfShares } from './orders.ts'
import { allPairs, drawPairs } from './pairs.ts'

const random = (at = 0) => randomAt(5, Stream.interactions, at)

describe('orders', () => {
  it('are the published ones of each grid, each once', () => {
    expect(interactionOrders(64, '13')).toEqual([0, 3, 6, 12, 18, 24, 31, 37, 43, 49, 55, 58, 62])
    expect(interactionOrders(16, '13')).toEqual([0, 1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 14])
    expect(interactionOrders(4, '13')).toEqual([0, 1, 2])
    expect(ordersOfShares(9, '13')).toEqual([0, 0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7])
  })

  it('are seven of these where fewer are wanted, with both ends and the middle', () => {
    for (const cells of [16, 64, 256]) {
      const orders = interactionOrders(cells, '7')
      expect(orders).toHaveLength(7)
      expect(interactionOrders(cells, '13')).toEqual(expect.arrayContaining([...orders]))
      expect([orders[0], orders[3], orders[6]]).toEqual([0, (cells - 2) / 2, cells - 2])
    }
  })
})

describe('pairs', () => {
  it('are different cells, near each other, none twice; the same for the same draw', () => {
    for (const grid of [4, 8, 16]) {
      const pairs = drawPairs(grid, 30, random())
      expect(pairs).toHaveLength(30)
      expect(new Set(pairs.map(String)).size).toBe(30)
      for (const [i, j] of pairs) {
        expect(i).toBeLessThan(j)
        expect(j).toBeLessThan(grid ** 2)
        expect(Math.floor(j / grid) - Math.floor(i / grid)).toBeLessThanOrEqual(2)
        expect(Math.abs((j % grid) - (i % grid))).toBeLessThanOrEqual(2)
      }
      expect(drawPairs(grid, 30, random())).toEqual(pairs)
      expect(drawPairs(grid, 30, random(1))).not.toEqual(pairs)
      // More of them are these, and others.
      expect(drawPairs(grid, 34, random()).slice(0, 30)).toEqual(pairs)
    }
  })

  it('are drawn by offset, clamped: in a corner the corner’s neighbours are likelier', () => {
    const counts = new Map<string, number>()
    const draws = 4000
    for (let at = 0; at < draws; at++) {
      const key = String(drawPairs(8, 1, random(at))[0])
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    // Of the 25 offsets, how many lead from one cell to the other, or back.
    const waysOf = (i: number, j: number): number => {
      let ways = 0
      for (const [from, to] of [
        [i, j],
        [j, i],
      ] as const)
        for (let row = -2; row <= 2; row++)
          for (let column = -2; column <= 2; column++) {
            const clamp = (place: number) => Math.min(Math.max(place, 0), 7)
            const at = 8 * clamp(Math.floor(from / 8) + row) + clamp((from % 8) + column)
            if (at === to) ways++
          }
      return ways
    }
    const total = allPairs(64).reduce((sum, [i, j]) => sum + waysOf(i, j), 0)
    for (const [i, j] of [
      [0, 9],
      [0, 18],
      [27, 28],
      [6, 7],
    ] as const) {
      const expected = (draws * waysOf(i, j)) / total
      const found = counts.get(`${i},${j}`)!
      expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected))
    }
  })

  it('are all where there are no more', () => {
    expect(drawPairs(2, 8, random())).toEqual(allPairs(4))
    expect(drawPairs(4, 200, random())).toHaveLength(90)
    expect(allPairs(4)).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
  })
})

describe('contexts', () => {
  it('are so many: all, or as many as are wanted', () => {
    expect(contextsUpTo(14, 0, 16)).toBe(1)
    expect(contextsUpTo(14, 14, 16)).toBe(1)
    expect(contextsUpTo(14, 1, 16)).toBe(14)
    expect(contextsUpTo(14, 13, 10)).toBe(10)
    expect(contextsUpTo(14, 7, 2 ** 16)).toBe(3432)
    expect(contextsUpTo(254, 127, 400)).toBe(400)
  })

  it('are all of them in order where they are few', () => {
    const found = [...contextsOf(5, [1, 3], 2, 3, random())]
    expect(found).toEqual([
      [0, 2],
      [0, 4],
      [2, 4],
    ])
    expect([...contextsOf(64, [3, 4], 0, 16, random())]).toEqual([[]])
    const [whole] = contextsOf(16, [3, 4], 14, 16, random())
    expect(whole).toEqual([0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('are drawn from the other cells, each as often, none twice in one', () => {
    const seen = new Float64Array(16)
    for (const context of contextsOf(16, [2, 9], 5, 4000, random())) {
      expect(new Set(context).size).toBe(5)
      for (const cell of context) seen[cell]!++
    }
    // 2002 contexts: all of them are taken, though more are wanted.
    expect([seen[2], seen[9]]).toEqual([0, 0])
    expect(seen[0]).toBe(715)
    seen.fill(0)
    for (const context of contextsOf(16, [2, 9], 5, 1000, random())) {
      expect(new Set(context).size).toBe(5)
      for (const cell of context) seen[cell]!++
    }
    expect([seen[2], seen[9]]).toEqual([0, 0])
    // Binomial: 1000 · 5/14 = 357, standard deviation 15.
    for (const [cell, count] of seen.entries())
      if (cell !== 2 && cell !== 9) expect(Math.abs(count - 357.1)).toBeLessThan(4.5 * 15.2)
  })
})
