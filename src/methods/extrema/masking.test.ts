import { describe, expect, test } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import {
  drawBatchMasks,
  drawMasks,
  maskPlan,
  mostDisjoint,
  visibleTokens,
  type MaskPlan,
} from './masking.ts'

const draw = (plan: MaskPlan, seed = 1, step = 0, image = 0): number[][] =>
  drawMasks(plan, randomAt(seed, Stream.mask, step, image)).map((mask) => [...mask])

const expectDistinct = (cells: readonly number[], tokens: number): void => {
  expect(new Set(cells).size).toBe(cells.length)
  const isCell = (cell: number): boolean => Number.isInteger(cell) && cell >= 0 && cell < tokens
  expect(cells.filter((cell) => !isCell(cell))).toEqual([])
}

test.each([
  [196, 0.75, 49, 4],
  [196, 0.8, 39, 5],
  [196, 0.9, 19, 10],
  [64, 0.75, 16, 4],
  [64, 0.8, 12, 5],
  [64, 0.85, 9, 7],
  [64, 0.9, 6, 10],
  [64, 0.95, 3, 21],
  [256, 0.75, 64, 4],
  [256, 0.8, 51, 5],
  [256, 0.9, 25, 10],
  [64, 0, 64, 1],
  [16, 0.95, 1, 16],
])('of %i patches at ratio %f %i are visible, for %i disjoint masks', (tokens, ratio, v, most) => {
  expect(visibleTokens(tokens, ratio)).toBe(v)
  expect(mostDisjoint(tokens, v)).toBe(most)
})

test('v is the truncation of the double, as in the official code, for every ratio of the slider', () => {
  // What exact arithmetic gives, in hundredths: the two must agree wherever the slider stops.
  for (const tokens of [16, 64, 196, 256])
    for (let hundredths = 0; hundredths <= 95; hundredths++) {
      const exact = Math.max(1, Math.floor((tokens * (100 - hundredths)) / 100))
      expect(visibleTokens(tokens, hundredths / 100), `${tokens} ${hundredths}`).toBe(exact)
    }
})

describe('E6 disjoint masks', () => {
  test.each([
    [64, 0.75, 4],
    [64, 0.8, 5],
    [64, 0.9, 10],
    [64, 0.9, 8],
    [64, 0, 1],
    [16, 0.95, 10],
    [256, 0.8, 5],
    [49, 0.77, 3],
  ])('of %i patches at ratio %f, %i masks: no patch twice', (tokens, ratio, count) => {
    const plan = maskPlan(tokens, ratio, count, 'disjoint')
    for (let step = 0; step < 50; step++) {
      const masks = draw(plan, 1, step)
      expect(masks).toHaveLength(count)
      for (const mask of masks) expect(mask).toHaveLength(visibleTokens(tokens, ratio))
      expectDistinct(masks.flat(), tokens)
    }
  })

  test('75 % with 4 masks covers every patch exactly once', () => {
    const cells = draw(maskPlan(64, 0.75, 4, 'disjoint')).flat()
    expect(cells.sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, cell) => cell))
  })

  test('more masks at the same address begin with the same ones', () => {
    const [few, many] = [2, 5].map((count) => draw(maskPlan(64, 0.8, count, 'disjoint')))
    expect(many!.slice(0, 2)).toEqual(few)
  })
})

describe('E7 independent masks', () => {
  test('no patch twice within a mask; two masks share v² / L patches on average', () => {
    const plan = maskPlan(64, 0.75, 6, 'independent')
    expect(plan.count).toBe(6)
    const draws = 200
    let [shared, pairs] = [0, 0]
    for (let step = 0; step < draws; step++) {
      const masks = draw(plan, 3, step)
      for (const mask of masks) expectDistinct(mask, 64)
      for (let a = 0; a < masks.length; a++)
        for (let b = 0; b < a; b++) {
          shared += masks[a]!.filter((cell) => masks[b]!.includes(cell)).length
          pairs++
        }
    }
    // The overlap is hypergeometric with variance 16 · 1/4 · 3/4 · 48/63 ≈ 2.3; five standard deviations of the mean.
    expect(Math.abs(shared / pairs - (16 * 16) / 64)).toBeLessThan(5 * Math.sqrt(2.3 / pairs))
  })

  test('they may be more than the image has room for', () => {
    expect(draw(maskPlan(64, 0, 3, 'independent')).map(({ length }) => length)).toEqual([
      64, 64, 64,
    ])
  })
})

describe('E8 more disjoint masks than fit', () => {
  test('a plan holds no more than fit', () => {
    expect(maskPlan(64, 0.75, 5, 'disjoint').count).toBe(4)
    expect(maskPlan(64, 0.2, 10, 'disjoint').count).toBe(1)
    expect(maskPlan(64, 0.75, 5, 'independent').count).toBe(5)
  })

  test('drawing them is refused', () => {
    const plan: MaskPlan = { tokens: 64, visible: 16, count: 5, kind: 'disjoint' }
    expect(() => draw(plan)).toThrow(RangeError)
    expect(() => draw({ ...plan, count: 4 })).not.toThrow()
  })
})

test('every patch is visible equally often, in every mask', () => {
  const plan = maskPlan(16, 0.75, 4, 'disjoint')
  const draws = 4000
  const seen = new Float64Array(4 * 16)
  for (let step = 0; step < draws; step++)
    draw(plan, 5, step).forEach((mask, i) => {
      for (const cell of mask) seen[16 * i + cell]!++
    })
  const tolerance = 5 * Math.sqrt((0.25 * 0.75) / draws)
  seen.forEach((count, i) => {
    expect(Math.abs(count / draws - 0.25), String(i)).toBeLessThan(tolerance)
  })
})

describe('the masks of a batch', () => {
  const plan = maskPlan(64, 0.8, 3, 'disjoint')
  const address = [7, Stream.mask, 9] as const

  test('lie mask-major', () => {
    const all = drawBatchMasks(plan, address, 5)
    expect(all).toHaveLength(3 * 5 * 12)
    for (let image = 0; image < 5; image++)
      draw(plan, 7, 9, image).forEach((mask, i) => {
        const row = i * 5 + image
        expect([...all.subarray(12 * row, 12 * (row + 1))]).toEqual(mask)
      })
  })

  test('are other ones for every image, step and seed, the same at the same address', () => {
    const first = drawBatchMasks(plan, address, 4)
    expect(drawBatchMasks(plan, address, 4)).toEqual(first)
    expect(drawBatchMasks(plan, [7, Stream.mask, 10], 4)).not.toEqual(first)
    expect(drawBatchMasks(plan, [8, Stream.mask, 9], 4)).not.toEqual(first)
    const rows = Array.from({ length: 4 }, (_, i) => first.subarray(12 * i, 12 * (i + 1)).join())
    expect(new Set(rows).size).toBe(4)
  })

  test('hold the last cell of 256', () => {
    const everything = drawBatchMasks(maskPlan(256, 0, 1, 'disjoint'), address, 2)
    expect(Math.max(...everything)).toBe(255)
  })
})
