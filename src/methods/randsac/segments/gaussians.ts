import type { RandomSequence } from '../../../engine/random.ts'

/** A Gaussian on the image; lengths in tokens, the first token centred at (0.5, 0.5). */
export interface Gaussian {
  readonly mean: readonly [x: number, y: number]
  /** Standard deviations along its own axes. */
  readonly deviations: readonly [first: number, second: number]
  /** By how much its axes are turned, in radians. */
  readonly angle: number
}

/** Points on the image, in tokens. */
export interface Points {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

/** Between what the standard deviations of a Gaussian are drawn. */
export interface Scales {
  readonly from: number
  readonly to: number
}

/**
 * Gaussians with means all over a grid, any deviations within the scales and any angle, all uniform. That the paper's
 * blobs are Gaussians is known; these ranges are our own (spec section 3.3).
 */
export function drawGaussians(
  random: RandomSequence,
  count: number,
  grid: number,
  { from, to }: Scales,
): Gaussian[] {
  const scale = (): number => from + (to - from) * random.uniform()
  return Array.from({ length: count }, () => ({
    mean: [grid * random.uniform(), grid * random.uniform()],
    deviations: [scale(), scale()],
    angle: Math.PI * random.uniform(),
  }))
}

/**
 * The Gaussian with the smallest Mahalanobis distance of every point, without determinant and mixture weight; of equal
 * ones the first.
 */
export function nearestGaussians({ x, y }: Points, gaussians: readonly Gaussian[]): Uint16Array {
  const nearest = new Uint16Array(x.length)
  const smallest = new Float64Array(x.length).fill(Infinity)
  gaussians.forEach(({ mean, deviations, angle }, index) => {
    const [meanX, meanY] = mean
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const [xx, xy] = [cos / deviations[0], sin / deviations[0]]
    const [yx, yy] = [-sin / deviations[1], cos / deviations[1]]
    for (let point = 0; point < nearest.length; point++) {
      const dx = x[point]! - meanX
      const dy = y[point]! - meanY
      const u = xx * dx + xy * dy
      const v = yx * dx + yy * dy
      const distance = u * u + v * v
      if (distance < smallest[point]!) {
        smallest[point] = distance
        nearest[point] = index
      }
    }
  })
  return nearest
}
