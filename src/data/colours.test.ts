import { describe, expect, it } from 'vitest'
import { drawColours, type Colours } from './colours.ts'
import type { ColourRule } from './viewRules.ts'

/** ExtreMA's: spec section 6. */
const RULE: ColourRule = {
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.2,
  hue: 0.1,
  jitterProbability: 0.8,
  greyProbability: 0.2,
}
const ALWAYS: ColourRule = { ...RULE, jitterProbability: 1, greyProbability: 1 }
const COUNT = 20_000

const draw = (rule: ColourRule, view = 0, seed = 1, count = COUNT): Colours[] =>
  Array.from({ length: count }, (_, i) =>
    drawColours(rule, seed, Math.floor(i / 100), i % 100, view),
  )

const namesOf = (colours: Colours): string[] => colours.map(({ operation }) => operation)
const turnsGrey = (colours: Colours): boolean => colours.at(-1)?.operation === 'grey'
const isJittered = (colours: Colours): boolean => namesOf(colours).includes('hue')

const amountsOf = (draws: readonly Colours[], operation: string): number[] =>
  draws
    .flat()
    .flatMap((change) =>
      change.operation === operation && 'amount' in change ? [change.amount] : [],
    )

/** Largest distance between the distribution of values and the uniform one on [low, high]. */
function distanceFromUniform(values: readonly number[], low: number, high: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.max(
    ...sorted.map((value, i) => Math.abs((value - low) / (high - low) - (i + 0.5) / sorted.length)),
  )
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((x, y) => x + y) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  const [x, y] = [a.map((value) => value - meanA), b.map((value) => value - meanB)]
  const product = (u: readonly number[], v: readonly number[]) => mean(u.map((p, i) => p * v[i]!))
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y))
}

describe('drawColours', () => {
  it('jitters and turns grey as often as the rule says, each on its own', () => {
    const draws = draw(RULE)
    const share = (which: (colours: Colours) => boolean) => draws.filter(which).length / COUNT
    // Four standard deviations of a share of 20 000 draws are 0.011 at most.
    expect(share(isJittered)).toBeCloseTo(0.8, 1.65)
    expect(share(turnsGrey)).toBeCloseTo(0.2, 1.65)
    expect(share((colours) => isJittered(colours) && turnsGrey(colours))).toBeCloseTo(0.16, 1.65)
    expect(share((colours) => colours.length === 0)).toBeCloseTo(0.16, 1.65)
  })

  it('draws every amount uniformly from its range', () => {
    const draws = draw(ALWAYS)
    const ranges = {
      brightness: [0.6, 1.4],
      contrast: [0.6, 1.4],
      saturation: [0.8, 1.2],
      hue: [-0.1, 0.1],
    } as const
    for (const [operation, [low, high]] of Object.entries(ranges)) {
      const amounts = amountsOf(draws, operation)
      expect(amounts).toHaveLength(COUNT)
      // Kolmogorov and Smirnov: 1.95 / √n is passed once in a thousand draws.
      expect(distanceFromUniform(amounts, low, high)).toBeLessThan(1.95 / Math.sqrt(COUNT))
    }
    expect(Math.min(...amountsOf(draw({ ...ALWAYS, contrast: 3 }), 'contrast'))).toBeGreaterThan(0)
  })

  it('has every order of the four equally often, grey after them', () => {
    const counts = new Map<string, number>()
    const draws = draw(ALWAYS)
    expect(draws.filter((colours) => colours.length !== 5 || !turnsGrey(colours))).toEqual([])
    for (const colours of draws) {
      const order = namesOf(colours).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const each = COUNT / 24
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - each) ** 2 / each, 0)
    // 23 degrees of freedom: 49.7 is passed once in a thousand draws.
    expect(chi).toBeLessThan(49.7)
  })

  it('draws another view of the same image on its own', () => {
    const [first, second] = [draw(ALWAYS, 0), draw(ALWAYS, 1)]
    for (const operation of ['brightness', 'contrast', 'saturation', 'hue']) {
      const pair = [amountsOf(first, operation), amountsOf(second, operation)] as const
      expect(Math.abs(correlation(...pair))).toBeLessThan(0.03)
    }
    const [a, b] = [draw(RULE, 0), draw(RULE, 1)]
    const both = (which: (colours: Colours) => boolean): number =>
      a.filter((colours, i) => which(colours) && which(b[i]!)).length / COUNT
    expect(both(isJittered)).toBeCloseTo(0.64, 1.65)
    expect(both(turnsGrey)).toBeCloseTo(0.04, 1.65)
  })

  it('leaves out what has no strength, and everything else as it was', () => {
    const full = draw(ALWAYS, 0, 1, 50)
    const without = draw({ ...ALWAYS, contrast: 0, greyProbability: 0 }, 0, 1, 50)
    const kept = full.map((colours) =>
      colours.filter(({ operation }) => !['contrast', 'grey'].includes(operation)),
    )
    expect(without).toEqual(kept)
    expect(draw({ ...RULE, jitterProbability: 0, greyProbability: 0 }, 0, 1, 50).flat()).toEqual([])
  })

  it('is a function of its address', () => {
    const at = (seed: number, step: number, sample: number, view: number): Colours =>
      drawColours(ALWAYS, seed, step, sample, view)
    const here = at(1, 2, 3, 1)
    expect(at(1, 2, 3, 1)).toEqual(here)
    for (const other of [at(2, 2, 3, 1), at(1, 3, 3, 1), at(1, 2, 4, 1), at(1, 2, 3, 0)])
      expect(other).not.toEqual(here)
  })
})
