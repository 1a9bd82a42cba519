/** Points of the plane: x and y in turn. */
export type Points = Float32Array

/** An orthogonal matrix: x' = a x + b y, y' = c x + d y. */
interface Turn {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/**
 * Turns and mirrors a map so that its points come as close as possible to where they were: orthogonal Procrustes in the
 * plane, in closed form. The axes of a principal component analysis have no sign, and change places when two variances
 * cross; the person should not see that as movement. Both maps hold the same images in the same order, centred.
 */
export function alignTo(points: Points, before: Points): Points {
  const { a, b, c, d } = bestTurn(points, before)
  const aligned = new Float32Array(points.length)
  for (let at = 0; at < points.length; at += 2) {
    const x = points[at]!
    const y = points[at + 1]!
    aligned[at] = a * x + b * y
    aligned[at + 1] = c * x + d * y
  }
  return aligned
}

/** The turn, or the turn and mirroring, with the least squared distances. */
function bestTurn(points: Points, before: Points): Turn {
  let [xx, xy, yx, yy] = [0, 0, 0, 0]
  for (let at = 0; at + 1 < Math.min(points.length, before.length); at += 2) {
    xx += points[at]! * before[at]!
    xy += points[at]! * before[at + 1]!
    yx += points[at + 1]! * before[at]!
    yy += points[at + 1]! * before[at + 1]!
  }
  // Without and with mirroring, the sum of scalar products that the best angle reaches.
  const turned = Math.hypot(xx + yy, xy - yx)
  const mirrored = Math.hypot(xx - yy, xy + yx)
  if (turned === 0 && mirrored === 0) return { a: 1, b: 0, c: 0, d: 1 }
  if (turned >= mirrored) {
    const cos = (xx + yy) / turned
    const sin = (xy - yx) / turned
    return { a: cos, b: -sin, c: sin, d: cos }
  }
  const cos = (xx - yy) / mirrored
  const sin = (xy + yx) / mirrored
  return { a: cos, b: sin, c: sin, d: -cos }
}

/** The same map with its centre of mass at the origin. */
export function centred(points: Points): Points {
  const count = points.length / 2
  let x = 0
  let y = 0
  for (let at = 0; at < points.length; at += 2) {
    x += points[at]! / count
    y += points[at + 1]! / count
  }
  return points.map((value, at) => value - (at % 2 === 0 ? x : y))
}
