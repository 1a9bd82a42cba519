import type { ViewFilter } from '../kernels/filter.ts'

/**
 * Blur, then solarising, in float64. The blur is one sum over both directions at once: weights exp(−(dx² + dy²) / 2σ²) at
 * whole pixels with |dx| and |dy| up to 3 σ, over their sum; beyond the border the view is mirrored at its outermost
 * pixels.
 * @param image values in [0, 1], [height, width, 3]
 */
export function filterOracle(
  image: ArrayLike<number>,
  [height, width]: readonly [number, number],
  { sigma, solarised }: ViewFilter,
): Float64Array {
  const inside = (at: number, length: number): number => {
    if (at < 0) return inside(-at, length)
    return at >= length ? inside(2 * (length - 1) - at, length) : at
  }
  const reach = Math.floor(3 * sigma)
  return Float64Array.from({ length: image.length }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    let [sum, weights] = [0, 0]
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const weight = reach === 0 ? 1 : Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma))
        sum += weight * image[3 * (inside(y + dy, height) * width + inside(x + dx, width)) + c]!
        weights += weight
      }
    const value = sum / weights
    return solarised && value >= 0.5 ? 1 - value : value
  })
}
