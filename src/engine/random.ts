/**
 * Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
 * A draw is a pure function of its address (seed, stream, counter), so that any step can be repeated or resumed.
 */

/** Purposes of random numbers. Each is a stream of its own; the numbers are part of the checkpoint format. */
export const Stream = {
  init: 1,
  order: 2,
  views: 3,
  mask: 4,
  dropPath: 5,
  sampleMask: 6,
  samples: 7,
  finetune: 8,
  probe: 9,
  disturbance: 10,
  colour: 11,
  retrieval: 12,
  scheme: 13,
  claims: 14,
  filter: 15,
  sampleClaims: 16,
  shapes: 17,
  noise: 18,
  sampleNoise: 19,
  interactions: 20,
  leak: 21,
} as const

/** The name of a stream. */
export type StreamId = (typeof Stream)[keyof typeof Stream]

/** The constants of Philox 4x32-10; the GPU's code is made from them too. */
export const MULTIPLIER_0 = 0xd2511f53
export const MULTIPLIER_1 = 0xcd9e8d57
export const WEYL_0 = 0x9e3779b9
export const WEYL_1 = 0xbb67ae85
export const ROUNDS = 10

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
export function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const middleLow = (middle & 0xffff) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middleLow / 0x10000)) >>> 0
}

/** Four 32-bit counter words and two key words to four random 32-bit words, written to `out`. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highProduct(MULTIPLIER_0, c0)
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0
    const high1 = highProduct(MULTIPLIER_1, c2)
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + WEYL_0) >>> 0
    k1 = (k1 + WEYL_1) >>> 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}

/** An endless sequence of random numbers at one address. */
export interface RandomSequence {
  /** The next 32 random bits as an unsigned number. */
  word(): number
  /** Uniform in [0, 1) with 32 random bits. */
  uniform(): number
  /** Uniform whole number in [0, bound), without bias. */
  below(bound: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
}

/**
 * The random sequence at an address.
 * @param seed run seed, an unsigned 32-bit number
 * @param stream what the numbers are for
 * @param a e.g. the step or epoch; may exceed 32 bits
 * @param b e.g. the sample within the step
 */
export function randomAt(seed: number, stream: StreamId, a = 0, b = 0): RandomSequence {
  const key = [seed >>> 0, stream] as const
  const aLow = a >>> 0
  const aHigh = Math.floor(a / 0x100000000) >>> 0
  const block = new Uint32Array(4)
  let blocks = 0
  let used = 4
  const word = (): number => {
    if (used === 4) {
      philox([blocks++, aLow, aHigh, b >>> 0], key, block)
      used = 0
    }
    return block[used++]!
  }
  const uniform = (): number => word() / 0x100000000
  return {
    word,
    uniform,
    below(bound) {
      const limit = 0x100000000 - (0x100000000 % bound)
      let draw = word()
      while (draw >= limit) draw = word()
      return draw % bound
    },
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      return radius * Math.cos(2 * Math.PI * uniform())
    },
  }
}

/** The first `count` entries of a random permutation of 0 … length − 1 (partial Fisher–Yates). */
export function randomPermutation(
  random: RandomSequence,
  length: number,
  count = length,
): Uint32Array {
  const order = new Uint32Array(length)
  for (let index = 0; index < length; index++) order[index] = index
  for (let i = 0; i < count; i++) {
    const j = i + random.below(length - i)
    const held = order[i]!
    order[i] = order[j]!
    order[j] = held
  }
  return order.subarray(0, count)
}

/** Normal with mean 0 and standard deviation `std`, cut off at ±2 (absolute, as in the reference initialisers). */
export function truncatedNormal(random: RandomSequence, std: number): number {
  let draw = random.normal() * std
  while (Math.abs(draw) > 2) draw = random.normal() * std
  return draw
}
