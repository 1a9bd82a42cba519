import { describe, expect, it } from 'vitest'
import { allPairs } from './pairs.ts'
import { exactInteractions } from './exact.ts'
import { imageInteractions, type ImageInteractions } from './estimate.ts'
import { interactionPoints } from './strengths.ts'
import { additiveGame, randomGame, thirdOrderGame, valuesOf } from './testing/games.ts'

const image = (rewards: Float64Array, cells: number): ImageInteractions =>
  imageInteractions(exactInteractions(rewards, cells), rewards)

const ordersOf = (cells: number) => Array.from({ length: cells - 1 }, (_, order) => order)

describe('interactions of games', () => {
  it('J1: with the players alone they make up what all players reach together', () => {
    const cells = 6
    const rewards = valuesOf(randomGame(cells), cells)
    const none = rewards[0]!
    let gap = rewards.at(-1)! - none
    for (let player = 0; player < cells; player++) gap -= rewards[1 << player]! - none
    exactInteractions(rewards, cells).forEach((pairs, order) => {
      // Every pair counts in both orders.
      const weight = (2 * (cells - 1 - order)) / (cells * (cells - 1))
      for (const { mean } of pairs) gap -= weight * mean
    })
    expect(Math.abs(gap)).toBeLessThan(1e-12)
  })

  it('J2: of a game with pairs and triples they are known in closed form', () => {
    const rewards = valuesOf(thirdOrderGame, 6)
    const found = exactInteractions(rewards, 6)
    const pair = allPairs(6).findIndex(([i, j]) => i === 1 && j === 3)
    const expected = [0.8, 1.1, 1.4, 1.7, 2]
    found.forEach((pairs, order) => expect(pairs[pair]!.mean).toBeCloseTo(expected[order]!, 12))
    const points = interactionPoints(ordersOf(6), [image(rewards, 6)])
    const strengths = [1.166667, 1.534167, 1.901667, 2.269167, 2.636667]
    const relative = [0.613497, 0.806748, 1, 1.193252, 1.386503]
    points.forEach(({ order, published }, at) => {
      expect(order).toBe(at)
      expect(published.value).toBeCloseTo(strengths[at]!, 6)
      expect(published.relative).toBeCloseTo(relative[at]!, 6)
    })
  })

  it('J3: an additive game has none, and its curve of zeros is not normalised', () => {
    const images = [1, 2, 3].map((scale) => image(valuesOf(additiveGame(scale), 6), 6))
    const zero = { value: 0, error: 0, relative: 0, relativeError: 0 }
    expect(interactionPoints(ordersOf(6), images)).toEqual(
      ordersOf(6).map((order) => ({ order, published: zero, debiased: zero })),
    )
  })

  it('J3: nor is a curve of the rounding of single precision', () => {
    const images = [0.1, 0.7].map((scale) =>
      image(
        Float64Array.from(valuesOf(additiveGame(scale), 6), (value) => Math.fround(value)),
        6,
      ),
    )
    const points = interactionPoints(ordersOf(6), images)
    expect(Math.max(...points.map(({ published }) => published.value))).toBeGreaterThan(0)
    for (const { published, debiased } of points)
      for (const { relative, relativeError, value } of [published, debiased]) {
        expect([relative, relativeError]).toEqual([0, 0])
        expect(value).toBeLessThan(1e-6)
      }
  })
})

describe('strengths of several images', () => {
  const own: readonly ImageInteractions[] = [
    { absolute: [1, 3], product: [1, 4], largest: 5 },
    { absolute: [2, 4], product: [4, -3], largest: 5 },
    { absolute: [3, 8], product: [1, 2], largest: 5 },
  ]

  it('are means with standard errors, relative to the mean over the orders', () => {
    const [low, high] = interactionPoints([0, 2], own)
    expect(low!.published.value).toBe(2)
    expect(low!.published.error).toBeCloseTo(1 / Math.sqrt(3), 12)
    expect(high!.published.value).toBe(5)
    expect(high!.published.error).toBeCloseTo(Math.sqrt(7 / 3), 12)
    expect(low!.published.relative).toBeCloseTo(2 / 3.5, 12)
    expect(high!.published.relative).toBeCloseTo(5 / 3.5, 12)
    // The jackknife by hand: without one of the images the low order has these shares.
    const shares = [2.5 / 4.25, 2 / 3.75, 1.5 / 2.5]
    const mean = (shares[0]! + shares[1]! + shares[2]!) / 3
    const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0)
    expect(low!.published.relativeError).toBeCloseTo(Math.sqrt((2 / 3) * squares), 12)
  })

  it('are roots of mean products where they are de-biased', () => {
    const [low, high] = interactionPoints([0, 2], own)
    expect(low!.debiased.value).toBeCloseTo(Math.SQRT2, 12)
    expect(high!.debiased.value).toBeCloseTo(1, 12)
    const without = [Math.sqrt(2.5), 1, Math.sqrt(2.5)]
    const mean = (without[0]! + without[1]! + without[2]!) / 3
    const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    expect(low!.debiased.error).toBeCloseTo(Math.sqrt((2 / 3) * squares), 12)
  })

  it('have an error where the mean product is negative: that of what is below the root', () => {
    const products = own.map((each) => ({ ...each, product: [1, each.product[1]! - 3] }))
    const [, high] = interactionPoints([0, 2], products)
    expect(high!.debiased.value).toBe(0)
    // Products 1, −6 and −1: their standard error is √(13 / 3).
    expect(high!.debiased.error).toBeCloseTo((13 / 3) ** 0.25, 12)
  })

  it('of one image have no errors', () => {
    for (const { published, debiased } of interactionPoints([0, 2], own.slice(0, 1)))
      for (const { error, relativeError } of [published, debiased])
        expect([error, relativeError]).toEqual([0, 0])
  })
})
