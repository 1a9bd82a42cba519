import { highProduct } from './random.ts'

/**
 * Standard normal numbers from 32 random bits by inversion, x = ±Φ⁻¹(1 − p), in whole numbers alone, so that a GPU gives
 * the very bits of this code. The top bit is the sign; the other 31, doubled and made odd, are m with p = m / 2³³ in
 * (0, ½). Every octave of m is cut into 64 equal segments with a parabola for each, in steps of 2⁻²⁸; the result is
 * rounded to the 24 significant bits of a float32. It is right to 3e-8 + 6e-8 |x|; the largest |x| is 6.34.
 */

/** Octaves of m. */
const OCTAVES = 32
/** Segments of an octave, as bits. */
const SEGMENT_BITS = 6
/** One, as a fixed-point number of the table. */
const ONE = 2 ** 28

/** 1 / √(2π) */
const DENSITY_AT_ZERO = 0.3989422804014327

/** e^−y for 0 ≤ y ≤ 20, by sums and products alone: `Math.exp` may differ in the last bit from machine to machine. */
function decay(y: number): number {
  const part = -y / 64
  let sum = 1
  for (let n = 18; n > 0; n--) sum = 1 + (sum * part) / n
  for (let doubling = 0; doubling < 6; doubling++) sum *= sum
  return sum
}

/** φ(x) and 1 − Φ(x), x ≥ 0: below 3 by ½ − φ(x) Σ x^(2n+1) / (2n+1)!!, above by Laplace's continued fraction. */
function normalTail(x: number): { density: number; tail: number } {
  const density = DENSITY_AT_ZERO * decay((x * x) / 2)
  if (x < 3) {
    let term = x
    let sum = x
    for (let n = 1; term > 1e-18; n++) {
      term *= (x * x) / (2 * n + 1)
      sum += term
    }
    return { density, tail: 0.5 - density * sum }
  }
  let fraction = x
  for (let n = 120; n > 0; n--) fraction = x + n / fraction
  return { density, tail: density / fraction }
}

/** The table: for every segment of every octave (from the largest m down) [x at its start, slope, bend, 0] in 2⁻²⁸. */
export function normalTable(): Uint32Array<ArrayBuffer> {
  const segments = 1 << SEGMENT_BITS
  const table = new Uint32Array(4 * OCTAVES * segments)
  let x = 0
  /** x with 1 − Φ(x) = p, by Newton's method; p falls from call to call, so the steps come from below and never overshoot. */
  const inverse = (p: number): number => {
    for (;;) {
      const { density, tail } = normalTail(x)
      const step = (tail - p) / density
      if (!(step > 1e-14)) return x
      x += step
    }
  }
  for (let octave = 0; octave < OCTAVES; octave++) {
    const first = 2 ** (-2 - octave)
    for (let segment = segments - 1; segment >= 0; segment--) {
      const pAt = (share: number): number => first * (1 + (segment + share) / segments)
      const end = inverse(pAt(1))
      const middle = inverse(pAt(0.5))
      const start = inverse(pAt(0))
      const bend = 2 * (start - 2 * middle + end)
      const entry = [start, start - end + bend, bend].map((value) => Math.round(value * ONE))
      table.set(entry, 4 * (octave * segments + segment))
    }
  }
  return table
}

let known: Uint32Array | null = null

/** The standard normal number of 32 random bits, a float32. */
export function normalOf(word: number): number {
  const table = (known ??= normalTable())
  const m = ((word << 1) | 1) >>> 0
  const octave = Math.clz32(m)
  const bits = m << octave
  const entry = 4 * ((octave << SEGMENT_BITS) + ((bits >>> 25) & 63))
  const share = (bits << 7) >>> 0
  const line = table[entry]! - highProduct(table[entry + 1]!, share)
  const x = line + highProduct(table[entry + 2]!, highProduct(share, share))
  const spare = Math.max(0, 8 - Math.clz32(x))
  const rounded = ((x + ((1 << spare) >> 1)) >>> spare) * 2 ** spare
  return (word >>> 31 === 1 ? 0 - rounded : rounded) / ONE
}

/**
 * WGSL `normalOf(word)`, the twin of the function above; needs `highProduct` and the table as an array<vec4u>
 * `normalTable`.
 */
export const NORMAL_CODE = `
fn normalOf(word: u32) -> f32 {
  let m = (word << 1u) | 1u;
  let octave = countLeadingZeros(m);
  let bits = m << octave;
  let entry = normalTable[(octave << ${SEGMENT_BITS}u) + ((bits >> 25u) & 63u)];
  let share = bits << 7u;
  let x = entry.x - highProduct(entry.y, share) + highProduct(entry.z, highProduct(share, share));
  // 24 significant bits: so both conversions below are exact, which WGSL does not promise otherwise.
  let zeros = countLeadingZeros(x);
  let spare = select(8u - zeros, 0u, zeros >= 8u);
  let rounded = i32(((x + ((1u << spare) >> 1u)) >> spare) << spare);
  return f32(select(rounded, -rounded, (word >> 31u) == 1u)) * ${1 / ONE};
}`
