import type { InteractionPoint, Strength } from '../../results.ts'
import type { ImageInteractions } from './estimate.ts'

/**
 * Strengths up to this share of the largest reward are the rounding of single-precision logits, a few of their 24 bits: a curve
 * of no more than that is a curve of zeros and is not divided by its mean.
 */
const ROUNDING = 2 ** -20

/**
 * The curve of some images. `published`: mean over the images; `debiased`: root of the mean over the images of the products,
 * 0 where that is negative. `relative`: the share of the mean over the orders. Errors are those of the jackknife over the
 * images, which for a mean is its standard error; of one image alone nothing is known about them, and they are 0. Where the
 * root is 0 its error is the root of the error of what is below it.
 */
export function interactionPoints(
  orders: readonly number[],
  images: readonly ImageInteractions[],
): readonly InteractionPoint[] {
  const rounding = ROUNDING * Math.max(...images.map(({ largest }) => largest))
  const published = strengthsOf(
    images.map(({ absolute }) => absolute),
    (mean) => mean,
    rounding,
  )
  const debiased = strengthsOf(
    images.map(({ product }) => product),
    (mean) => Math.sqrt(Math.max(0, mean)),
    rounding,
  )
  return orders.map((order, at) => ({
    order,
    published: published[at]!,
    debiased: debiased[at]!,
  }))
}

/**
 * Strengths by order.
 * @param values by image, then order
 * @param strengthOf of a mean over images
 */
function strengthsOf(
  values: readonly (readonly number[])[],
  strengthOf: (mean: number) => number,
  rounding: number,
): readonly Strength[] {
  const sums = values[0]!.map((_, order) => sumOf(values.map((of) => of[order]!)))
  const strengths = (some: readonly number[], count: number): readonly number[] =>
    some.map((sum) => strengthOf(sum / count))
  const all = strengths(sums, values.length)
  const left = values.map((own) =>
    sums.map((sum, order) => (sum - own[order]!) / Math.max(values.length - 1, 1)),
  )
  const without = left.map((means) => strengths(means, 1))
  const relative = sharesOf(all, rounding)
  const relativeWithout = without.map((each) => sharesOf(each, rounding))
  return sums.map((sum, order) => {
    const errorOf = (some: readonly (readonly number[])[]): number =>
      jackknife(some.map((each) => each[order]!))
    const value = all[order]!
    return {
      value,
      error: value === 0 && sum < 0 ? Math.sqrt(errorOf(left)) : errorOf(without),
      relative: relative[order]!,
      relativeError: errorOf(relativeWithout),
    }
  })
}

/** Each strength as a share of their mean; zeros where there is nothing but rounding. */
function sharesOf(strengths: readonly number[], rounding: number): readonly number[] {
  const mean = sumOf(strengths) / strengths.length
  return strengths.map((strength) => (mean > rounding ? strength / mean : 0))
}

/** The error of a statistic from its values without each one of the samples: √((n − 1) / n · Σ (θ − mean θ)²). */
function jackknife(without: readonly number[]): number {
  const { length } = without
  const mean = sumOf(without) / length
  return Math.sqrt(((length - 1) / length) * sumOf(without.map((value) => (value - mean) ** 2)))
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0)
