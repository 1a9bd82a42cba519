import { describe, expect, it } from 'vitest'
import { drawFilter } from './filters.ts'
import type { FilterRule } from './viewRules.ts'

const RULE: FilterRule = {
  blurProbability: 0.7,
  sigmaMin: 0.5,
  sigmaMax: 2,
  solariseProbability: 0.2,
}
const COUNT = 20_000

const draw = (rule: FilterRule, view = 0) =>
  Array.from({ length: COUNT }, (_, i) => drawFilter(rule, 1, Math.floor(i / 100), i % 100, view))

describe('drawFilter', () => {
  const draws = draw(RULE)

  it('blurs and solarises as often as the rule says, each on its own', () => {
    const share = (which: (filter: (typeof draws)[number]) => boolean) =>
      draws.filter(which).length / COUNT
    // Four standard deviations of a share of 20 000 draws are 0.013 at most.
    expect(share(({ sigma }) => sigma > 0)).toBeCloseTo(0.7, 1.58)
    expect(share(({ solarised }) => solarised)).toBeCloseTo(0.2, 1.58)
    expect(share(({ sigma, solarised }) => sigma > 0 && solarised)).toBeCloseTo(0.14, 1.58)
  })

  it('draws widths of blurs uniformly', () => {
    const sigmas = draws.map(({ sigma }) => sigma).filter((sigma) => sigma > 0)
    sigmas.sort((a, b) => a - b)
    const distances = sigmas.map((sigma, i) =>
      Math.abs((sigma - 0.5) / 1.5 - (i + 0.5) / sigmas.length),
    )
    // Kolmogorov and Smirnov: 1.95 / √n is passed once in a thousand draws.
    expect(Math.max(...distances)).toBeLessThan(1.95 / Math.sqrt(sigmas.length))
  })

  it('leaves other draws as they are when a probability changes', () => {
    const others = draw({ ...RULE, blurProbability: 1 })
    expect(others.map(({ solarised }) => solarised)).toEqual(
      draws.map(({ solarised }) => solarised),
    )
    expect(draws.filter(({ sigma }, i) => sigma !== 0 && sigma !== others[i]!.sigma)).toEqual([])
  })

  it('draws every view and every step on its own', () => {
    const of = (filters: typeof draws) => filters.map(({ sigma }) => sigma)
    expect(of(draw(RULE, 1))).not.toEqual(of(draws))
    expect(new Set(of(draws)).size).toBeGreaterThan(0.69 * COUNT)
  })
})
