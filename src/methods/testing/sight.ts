/** How colours look to different people, for tests of palettes. */

/** Red, green and blue, 0 to 255, or three other numbers of a colour. */
type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

const times = (matrix: Matrix, [x, y, z]: Triple): Triple =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple

/** How linear sRGB looks without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1. */
export const SIGHT: Readonly<Record<string, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  withoutRed: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  withoutGreen: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  withoutBlue: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const XYZ: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
]

const linear = (byte: number): number => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** CIE L*a*b* of a colour as it looks with some sight. */
function labOf(rgb: Triple, sight: Matrix): Triple {
  const seen = times(sight, rgb.map(linear) as unknown as Triple)
  const clamped = seen.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple
  const [x, y, z] = times(XYZ, clamped)
  const root = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const [fx, fy, fz] = [root(x / 0.95047), root(y), root(z / 1.08883)]
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

/** How far apart two colours (0 to 255) look with some sight, in CIE L*a*b*. */
export function distanceSeen(a: Triple, b: Triple, sight: Matrix): number {
  const [p, q] = [labOf(a, sight), labOf(b, sight)]
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
}
