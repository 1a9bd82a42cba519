/** 2³² divided by the golden ratio: counters that follow each other fall far apart. */
const GOLDEN = 0x9e3779b9

/** The n-th random number of a seed, uniform in [0, 1): a hash of its address (the mixer of MurmurHash3). */
export function randomOf(seed: number, n: number): number {
  let word = (Math.imul(n + 1, GOLDEN) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return ((word ^ (word >>> 16)) >>> 0) / 0x1_0000_0000
}

/** The random numbers of a seed one after another, the same at every call. */
export function counterRandom(seed: number): () => number {
  let n = 0
  return () => randomOf(seed, n++)
}
