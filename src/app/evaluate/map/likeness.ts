/** Nearest points that are looked at. */
export const LOOKED_AT = 10
/** Points whose surroundings are looked at, at most: all of ten thousand would hold the page up. */
const SAMPLED = 400

/** How much of a point's surroundings is of its class, in percent. */
export interface Likeness {
  /** Mean over the points looked at. */
  readonly all: number
  /** By class; null for classes of which no point was looked at. */
  readonly byClass: readonly (number | null)[]
  /** Points that share the class of a random other point, in percent: what a map without order has. */
  readonly chance: number
}

/**
 * The share of the ten nearest points on the map that have a point's own class: a number for what the eye sees as
 * clusters. The first points are looked at, among all. Null with fewer than two points.
 *
 * @param points [count, 2]
 */
export function likenessOf(
  points: Float32Array,
  labels: Uint8Array,
  classes: number,
): Likeness | null {
  const count = labels.length
  if (count < 2) return null
  const k = Math.min(LOOKED_AT, count - 1)
  const sums = new Float64Array(classes)
  const looked = new Float64Array(classes)
  const shown = Math.min(count, SAMPLED)
  for (let index = 0; index < shown; index++) {
    const label = labels[index]!
    const same = nearest(points, index, k).filter((other) => labels[other] === label).length
    sums[label]! += (100 * same) / k
    looked[label]!++
  }
  const all = sums.reduce((sum, value) => sum + value, 0) / shown
  const byClass = Array.from(sums, (sum, label) =>
    looked[label]! > 0 ? sum / looked[label]! : null,
  )
  return { all, byClass, chance: chanceOf(labels, classes) }
}

/** The `k` points nearest to one, without it. */
function nearest(points: Float32Array, index: number, k: number): number[] {
  const found: number[] = []
  const distances: number[] = []
  const [x, y] = [points[2 * index]!, points[2 * index + 1]!]
  let furthest = Infinity
  for (let other = 0; 2 * other < points.length; other++) {
    const distance = (points[2 * other]! - x) ** 2 + (points[2 * other + 1]! - y) ** 2
    if (distance >= furthest || other === index) continue
    let at = distances.length
    while (at > 0 && distances[at - 1]! > distance) at--
    distances.splice(at, 0, distance)
    found.splice(at, 0, other)
    if (found.length > k) {
      found.pop()
      distances.pop()
    }
    if (found.length === k) furthest = distances[k - 1]!
  }
  return found
}

function chanceOf(labels: Uint8Array, classes: number): number {
  const counts = new Float64Array(classes)
  for (const label of labels) counts[label]!++
  const pairs = counts.reduce((sum, count) => sum + count * (count - 1), 0)
  return (100 * pairs) / (labels.length * (labels.length - 1))
}
