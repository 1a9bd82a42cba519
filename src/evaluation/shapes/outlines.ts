/** Whether a point lies within an outline, which fits the unit circle. */
type Inside = (x: number, y: number) => boolean

type Point = readonly [x: number, y: number]

/** A regular polygon or star: its corners lie in turn at the distances of `radii`. */
const around = (corners: number, ...radii: readonly number[]): readonly Point[] =>
  Array.from({ length: corners }, (_, i) => {
    const [angle, radius] = [(2 * Math.PI * i) / corners, radii[i % radii.length]!]
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })

/** Within a polygon: a ray from the point crosses its sides an odd number of times. */
const polygon =
  (corners: readonly Point[]): Inside =>
  (x, y) => {
    let inside = false
    corners.forEach(([ax, ay], i) => {
      const [bx, by] = corners[(i + 1) % corners.length]!
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
    })
    return inside
  }

const within = (radius: number, x: number, y: number): boolean => x * x + y * y < radius * radius

/** What is drawn, by name: as many outlines as the data set has classes, so that one probe serves both. */
export const outlines: Readonly<Record<string, Inside>> = {
  disc: (x, y) => within(0.95, x, y),
  square: polygon(around(4, 1)),
  triangle: polygon(around(3, 1)),
  star: polygon(around(10, 1, 0.42)),
  cross: (x, y) => {
    const [less, more] = [Math.min(Math.abs(x), Math.abs(y)), Math.max(Math.abs(x), Math.abs(y))]
    return less < 0.28 && more < 0.95
  },
  ring: (x, y) => within(1, x, y) && !within(0.58, x, y),
  crescent: (x, y) => within(1, x, y) && !within(0.82, x - 0.48, y),
  arrow: polygon([
    [1, 0],
    [0.15, 0.85],
    [0.15, 0.3],
    [-0.95, 0.3],
    [-0.95, -0.3],
    [0.15, -0.3],
    [0.15, -0.85],
  ]),
  // (x² + y² − 1)³ < x² y³, which reaches 1.42 from its middle, made smaller.
  heart: (x, y) => {
    const [u, v] = [1.43 * x, 1.43 * y]
    return (u * u + v * v - 1) ** 3 < u * u * v ** 3
  },
  angle: polygon([
    [-0.7, -0.7],
    [0.7, -0.7],
    [0.7, -0.2],
    [-0.2, -0.2],
    [-0.2, 0.7],
    [-0.7, 0.7],
  ]),
}
