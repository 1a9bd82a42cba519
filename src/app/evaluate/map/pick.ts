import type { Frame, Spot } from './frame.ts'

/** The points that can be picked. */
export interface Pickable {
  /** [count, 2] */
  readonly points: Float32Array
  /** Class of each. */
  readonly labels: Uint8Array
  /** Classes that are not shown. */
  readonly hidden: ReadonlySet<number>
}

/** The place of a point on the canvas. */
export const spotOf = (points: Float32Array, index: number, { scale, left, top }: Frame): Spot => ({
  x: points[2 * index]! * scale + left,
  y: top - points[2 * index + 1]! * scale,
})

/** The shown point nearest to a spot, within `reach` CSS pixels; null when there is none. */
export function pointAt(map: Pickable, frame: Frame, spot: Spot, reach: number): number | null {
  return best(map, (index) => {
    const { x, y } = spotOf(map.points, index, frame)
    const distance = Math.hypot(x - spot.x, y - spot.y)
    return distance <= reach ? distance : null
  })
}

/** Where the arrow keys lead, on the canvas. */
const directions: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/**
 * The point to which an arrow key leads from another one: near, and rather straight ahead than aside. From nowhere it
 * leads to the first shown point. Null when the key is no arrow or nothing lies there.
 */
export function pointTowards(map: Pickable, from: number | null, key: string): number | null {
  const direction = directions[key]
  if (!direction) return null
  if (from === null) return best(map, (index) => index)
  const screen: Frame = { scale: 1, left: 0, top: 0 }
  const start = spotOf(map.points, from, screen)
  return best(map, (index) => {
    if (index === from) return null
    const { x, y } = spotOf(map.points, index, screen)
    const ahead = (x - start.x) * direction.x + (y - start.y) * direction.y
    const aside = Math.abs((x - start.x) * direction.y) + Math.abs((y - start.y) * direction.x)
    return ahead > aside ? ahead + 2 * aside : null
  })
}

/** The shown point with the least cost; the lower index of equal ones. A cost of null rules a point out. */
function best(
  { labels, hidden }: Pickable,
  costOf: (index: number) => number | null,
): number | null {
  let found: number | null = null
  let least = Infinity
  for (let index = 0; index < labels.length; index++) {
    if (hidden.has(labels[index]!)) continue
    const cost = costOf(index)
    if (cost === null || cost >= least) continue
    least = cost
    found = index
  }
  return found
}
