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
  const maps = whitenings(gaussians)
  const nearest = new Uint16Array(x.length)
  for (let point = 0; point < nearest.length; point++) {
    const px = x[point]!
    const py = y[point]!
    let smallest = Infinity
    for (let at = 0; at < maps.length; at += 6) {
      const u = maps[at]! * (px - maps[at + 2]!) + maps[at + 1]! * (py - maps[at + 3]!)
      const v = maps[at + 4]! * (px - maps[at + 2]!) + maps[at + 5]! * (py - maps[at + 3]!)
      const distance = u * u + v * v
      if (distance < smallest) {
        smallest = distance
        nearest[point] = at / 6
      }
    }
  }
  return nearest
}

/**
 * Six numbers a Gaussian, which take a point to where the Gaussian is round and of size one, with its mean at 0: the first
 * row of that matrix, the mean, the second row. In one array, since this is the most frequent loop of a draw.
 */
function whitenings(gaussians: readonly Gaussian[]): Float64Array {
  const maps = new Float64Array(6 * gaussians.length)
  for (let index = 0; index < gaussians.length; index++) {
    const { mean, deviations, angle } = gaussians[index]!
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    maps[6 * index] = cos / deviations[0]
    maps[6 * index + 1] = sin / deviations[0]
    maps[6 * index + 2] = mean[0]
    maps[6 * index + 3] = mean[1]
    maps[6 * index + 4] = -sin / deviations[1]
    maps[6 * index + 5] = cos / deviations[1]
  }
  return maps
}
