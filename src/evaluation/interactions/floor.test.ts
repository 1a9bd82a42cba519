import { expect, it } from 'vitest'
import { interactionPoints } from './strengths.ts'
import { floorOf, noisyImage } from './testing/noisyPairs.ts'

/** Enough of them for three digits. */
const IMAGES = 10
const PAIRS = 500

const found = (contexts: number, interaction: number) => {
  const images = Array.from({ length: IMAGES }, (_, image) =>
    noisyImage({ pairs: PAIRS, contexts, interaction, deviation: 1, image }),
  )
  const [point] = interactionPoints([0], images)
  const { published, debiased } = point!
  const product = images.reduce((sum, { product: [own] }) => sum + own!, 0) / IMAGES
  return { published, debiased, product }
}

it.each([
  [20, 0.178],
  [50, 0.113],
  [100, 0.08],
  [200, 0.056],
])(
  'with %i contexts the published strength has a floor of %f σ, the de-biased one has none',
  (contexts, floor) => {
    expect(floorOf(contexts, 1)).toBeCloseTo(floor, 3)
    const { published, product } = found(contexts, 0)
    expect(Math.abs(published.value / floorOf(contexts, 1) - 1)).toBeLessThan(0.03)
    // A product of halves has the standard deviation 2 / contexts.
    expect(Math.abs(product)).toBeLessThan((4 * 2) / contexts / Math.sqrt(IMAGES * PAIRS))
  },
)

it('with few contexts the published strength is too large, the de-biased one is right', () => {
  const { published, debiased } = found(8, 0.2)
  expect(published.value).toBeGreaterThan(0.3)
  expect(Math.abs(debiased.value - 0.2)).toBeLessThan(4 * debiased.error)
  expect(debiased.error).toBeLessThan(0.02)
})

it('goes down with the root of the contexts, not with the images', () => {
  const [few, many] = [found(10, 0).published, found(40, 0).published]
  expect(few.value / many.value).toBeCloseTo(2, 1)
  const one = noisyImage({ pairs: PAIRS, contexts: 10, interaction: 0, deviation: 1, image: 1 })
  expect(one.absolute[0]!).toBeCloseTo(few.value, 1)
})
