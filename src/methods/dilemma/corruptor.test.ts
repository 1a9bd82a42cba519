import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import {
  drawClaims,
  expectedShare,
  keptCells,
  type Claims,
  type CorruptorPlan,
} from './corruptor.ts'
import { claimPolicies } from './policies.ts'
import { planWith } from './testing/networks.ts'

/** An image of 8 × 8 patches at p = 0.2, but for `changes`. */
const plan = (changes: Parameters<typeof planWith>[0] = {}): CorruptorPlan =>
  planWith({ grid: 8, mismatch: 0.2, ...changes })

const drawMany = (of: CorruptorPlan, count: number): Claims[] =>
  Array.from({ length: count }, (_, i) => drawClaims(of, randomAt(3, Stream.claims, 5, i)))

const falseOnes = ({ labels }: Claims): number => labels.reduce((sum, label) => sum + label, 0)

const isDistinct = (cells: Uint16Array): boolean => new Set(cells).size === cells.length

describe('the number of patches that are shown', () => {
  it.each([
    [64, 0, 64],
    [64, 0.5, 32],
    [64, 0.55, 28],
    [64, 0.6, 25],
    [64, 0.7, 19],
    [64, 0.75, 16],
    [64, 0.8, 12],
    [64, 0.9, 6],
    [196, 0.5, 98],
    [196, 0.75, 49],
    [4, 0.9, 1],
  ])('of %d at s = %d is %d', (cells, sparsity, kept) => {
    expect(keptCells(cells, sparsity)).toBe(kept)
  })
})

const policies = claimPolicies.map(({ value }) => value)

describe.each(policies)('claims with the policy %s', (claims) => {
  it.each([0, 0.25, 0.5, 0.75])('at s = %d: labels say which are false', (dropRate) => {
    const of = plan({ claims, dropRate, mismatch: 0.4 })
    for (const { real, claimed, labels } of drawMany(of, 250)) {
      expect(real).toHaveLength(of.kept)
      expect(isDistinct(real)).toBe(true)
      expect([...labels]).toEqual(Array.from(real, (cell, i) => Number(claimed[i] !== cell)))
      expect([...real, ...claimed].every((cell) => cell < of.cells)).toBe(true)
    }
  })

  it('shows the same patches whatever p is, and is the same at the same address', () => {
    const [few, many] = [0.1, 0.8].map((mismatch) => drawMany(plan({ claims, mismatch }), 5))
    expect(many!.map(({ real }) => real)).toEqual(few!.map(({ real }) => real))
    expect(drawMany(plan({ claims, mismatch: 0.1 }), 5)).toEqual(few)
    expect(many).not.toEqual(few)
  })

  it('are all true at p = 0', () => {
    for (const { real, claimed } of drawMany(plan({ claims, mismatch: 0 }), 20))
      expect(claimed).toEqual(real)
  })

  it('can be drawn of any plan, and are false as often as is expected', () => {
    for (const grid of [1, 2, 3])
      for (const dropRate of [0, 0.3, 0.9])
        for (const mismatch of [0.1, 0.9]) {
          const of = plan({ grid, dropRate, mismatch, claims, radius: 4 })
          const draws = 400
          const found = drawMany(of, draws).reduce((sum, each) => sum + falseOnes(each), 0)
          const share = expectedShare(of)
          const tokens = draws * of.kept
          const deviation = Math.sqrt((share * (1 - share)) / tokens)
          expect(Math.abs(found / tokens - share)).toBeLessThanOrEqual(4 * deviation)
        }
  })
})

describe('dropped cells', () => {
  it.each([0.5, 0.6, 0.75, 0.9])(
    'at s = %d: no cell is claimed twice, and false ones are not shown',
    (dropRate) => {
      for (const { real, claimed, labels } of drawMany(plan({ dropRate, mismatch: 0.5 }), 100)) {
        expect(isDistinct(claimed)).toBe(true)
        expect(Array.from(claimed, (cell) => Number(!real.includes(cell)))).toEqual([...labels])
      }
    },
  )

  it('below s = 0.5 some cells are claimed twice', () => {
    expect(drawMany(plan({ dropRate: 0.25 }), 50).some(({ claimed }) => !isDistinct(claimed))).toBe(
      true,
    )
  })

  it('of an odd number of whole cells, the one in the middle of the order stays', () => {
    const of = plan({ grid: 3, dropRate: 0, mismatch: 1 })
    for (const { real, claimed, labels } of drawMany(of, 20)) {
      expect([...claimed]).toEqual([...real].reverse())
      expect([...labels]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1])
    }
    expect(expectedShare(of)).toBeCloseTo(8 / 9, 12)
  })

  it('are false with probability p, each on its own', () => {
    const of = plan()
    const counts = drawMany(of, 2000).map(falseOnes)
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const [expected, variance] = [of.kept * 0.2, of.kept * 0.2 * 0.8]
    expect(Math.abs(mean - expected)).toBeLessThan(3 * Math.sqrt(variance / counts.length))
    const spread = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
    // The variance of a sample variance is about 2 σ⁴ / n.
    expect(Math.abs(spread - variance)).toBeLessThan(4 * variance * Math.sqrt(2 / counts.length))
  })
})

describe('permuted cells', () => {
  it('are claimed once each, and as many in every image', () => {
    for (const each of drawMany(plan({ claims: 'permute', mismatch: 0.3 }), 100)) {
      expect([...each.claimed].sort()).toEqual([...each.real].sort())
      expect(falseOnes(each)).toBe(10)
    }
  })

  it.each([
    ['two where it would be one', { grid: 2, dropRate: 0, mismatch: 0.2 }, 2],
    ['none where one is shown', { grid: 2, dropRate: 0.75, mismatch: 0.9 }, 0],
  ])('are %s', (_, changes, count) => {
    const of = plan({ ...changes, claims: 'permute' })
    for (const each of drawMany(of, 20)) expect(falseOnes(each)).toBe(count)
    expect(expectedShare(of)).toBe(count / of.kept)
  })

  it('are any order without a cell in its place, each as likely', () => {
    const of = plan({ grid: 2, dropRate: 0, mismatch: 1, claims: 'permute' })
    const orders = new Map<string, number>()
    for (const { real, claimed } of drawMany(of, 900)) {
      const byCell = [0, 1, 2, 3].map((cell) => claimed[real.indexOf(cell)]).join()
      orders.set(byCell, (orders.get(byCell) ?? 0) + 1)
    }
    expect(orders.size).toBe(9)
    for (const count of orders.values()) expect(Math.abs(count - 100)).toBeLessThan(40)
  })
})

describe('any cell', () => {
  it('is each of the others, as likely', () => {
    const of = plan({ grid: 3, dropRate: 0, mismatch: 1, claims: 'uniform' })
    const counts = Array.from({ length: 9 }, () => new Array<number>(9).fill(0))
    for (const { real, claimed } of drawMany(of, 800))
      real.forEach((cell, i) => counts[cell]![claimed[i]!]!++)
    counts.forEach((row, cell) => {
      row.forEach((count, other) => {
        if (other === cell) expect(count).toBe(0)
        else expect(Math.abs(count - 100)).toBeLessThan(45)
      })
    })
  })
})

describe('near cells', () => {
  const distance = (a: number, b: number, grid: number): number =>
    Math.max(
      Math.abs(Math.floor(a / grid) - Math.floor(b / grid)),
      Math.abs((a % grid) - (b % grid)),
    )

  it.each([1, 2, 4])('are at most %d rows and columns off, and all of these occur', (radius) => {
    const of = plan({ dropRate: 0, mismatch: 1, claims: 'near', radius })
    const fromCorner = new Set<number>()
    for (const { real, claimed } of drawMany(of, 300)) {
      const off = Array.from(real, (cell, i) => distance(cell, claimed[i]!, of.grid))
      expect(Math.min(...off)).toBe(1)
      expect(Math.max(...off)).toBeLessThanOrEqual(radius)
      fromCorner.add(claimed[real.indexOf(0)]!)
    }
    expect(fromCorner.size).toBe((radius + 1) ** 2 - 1)
  })
})
