import { buffersOf, type Tape } from './tape.ts'

/** Where the virtual buffers of a tape lie. */
export interface MemoryPlan {
  /** Storage number of every virtual buffer; null for constants, which keep storage of their own. */
  readonly storageOf: readonly (number | null)[]
  /** Bytes of every storage. */
  readonly storages: readonly number[]
  /** Bytes of all storages. */
  readonly plannedBytes: number
  /** The largest number of bytes that are alive at one entry: no plan can do with less. */
  readonly liveBytes: number
  /** Bytes of all constants, alive all the time. */
  readonly constantBytes: number
}

interface Lifetime {
  readonly buffer: number
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/** First and last entry that touch each virtual buffer that is not constant; unused buffers are left out. */
function lifetimesOf({ entries, buffers }: Tape): Lifetime[] {
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  entries.forEach((entry, index) => {
    for (const buffer of buffersOf(entry)) {
      if (typeof buffer !== 'number' || buffers[buffer]!.constant !== null) continue
      if (!first.has(buffer)) first.set(buffer, index)
      last.set(buffer, index)
    }
  })
  return [...first].map(([buffer, begin]) => ({
    buffer,
    bytes: buffers[buffer]!.bytes,
    first: begin,
    last: last.get(buffer)!,
  }))
}

/** The most bytes alive at any entry. */
function mostAlive(lifetimes: readonly Lifetime[], length: number): number {
  const change = new Float64Array(length + 1)
  for (const { bytes, first, last } of lifetimes) {
    change[first]! += bytes
    change[last + 1]! -= bytes
  }
  let alive = 0
  let most = 0
  for (const step of change) {
    alive += step
    most = Math.max(most, alive)
  }
  return most
}

/**
 * Gives storage to virtual buffers, largest first: each goes where no buffer with an overlapping lifetime lies, into the
 * smallest storage that holds it, or into a new one. Buffers of one dispatch overlap, so they never share storage and
 * WebGPU's rule that a buffer is not both read and written in a dispatch holds by itself.
 */
export function planMemory(tape: Tape): MemoryPlan {
  const lifetimes = lifetimesOf(tape)
  const storages: { bytes: number; readonly held: Lifetime[] }[] = []
  const storageOf: (number | null)[] = tape.buffers.map(() => null)
  const bySize = [...lifetimes].sort((a, b) => b.bytes - a.bytes || a.first - b.first)
  for (const lifetime of bySize) {
    const fits = ({ held }: { held: readonly Lifetime[] }): boolean =>
      held.every(({ first, last }) => last < lifetime.first || lifetime.last < first)
    // Storages are in order of falling size, so the last that fits is the smallest.
    let index = storages.findLastIndex(fits)
    if (index < 0) index = storages.push({ bytes: lifetime.bytes, held: [] }) - 1
    storages[index]!.held.push(lifetime)
    storageOf[lifetime.buffer] = index
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
  const constants = tape.buffers.filter(({ constant }) => constant !== null)
  return {
    storageOf,
    storages: storages.map(({ bytes }) => bytes),
    plannedBytes: sum(storages.map(({ bytes }) => bytes)),
    liveBytes: mostAlive(lifetimes, tape.entries.length),
    constantBytes: sum(constants.map(({ bytes }) => bytes)),
  }
}
