import { aligned } from '../alignment.ts'
import { buffersOf, writtenIn, type Tape, type TapeBuffer } from './tape.ts'

/** Where a virtual buffer lies: in a storage, or (null) among the constants. */
export interface Place {
  readonly storage: number | null
  readonly offset: number
}

/** Where the virtual buffers of a tape lie. */
export interface MemoryPlan {
  /** By number of the virtual buffer; null for those that are not used. */
  readonly placeOf: readonly (Place | null)[]
  /** Bytes of every storage. */
  readonly storages: readonly number[]
  /** All different constants; equal ones share a place. */
  readonly constants: readonly { readonly bytes: Uint8Array; readonly offset: number }[]
  /** Bytes of all storages: the planned peak. */
  readonly plannedBytes: number
  /** The largest number of bytes that are alive at one entry: no plan can do with less. */
  readonly liveBytes: number
  /** Bytes of all constants, alive all the time. */
  readonly constantBytes: number
}

/** When a virtual buffer is used. */
interface Lifetime {
  readonly buffer: number
  readonly bytes: number
  readonly first: number
  readonly last: number
  /** Buffers that may not lie in the same storage: WebGPU lets a dispatch either read or write a buffer. */
  readonly apart: ReadonlySet<number>
}

interface Placed extends Lifetime {
  readonly offset: number
}

interface Storage {
  bytes: number
  readonly held: Placed[]
}

/**
 * Gives storage to virtual buffers: each goes to the lowest free address of the storage that grows least by it, and two
 * of which one dispatch reads one and writes the other never share a storage. Several orders are tried, and the plan
 * that needs least is taken.
 * @param largest bytes that one storage may have
 */
export function planMemory(tape: Tape, largest = Infinity): MemoryPlan {
  const lifetimes = lifetimesOf(tape)
  const sum = (storages: readonly Storage[]): number =>
    storages.reduce((total, { bytes }) => total + bytes, 0)
  const storages = ORDERS.map((order) => place([...lifetimes].sort(order), largest)).reduce(
    (best, other) => (sum(other) < sum(best) ? other : best),
  )
  const placeOf: (Place | null)[] = tape.buffers.map(() => null)
  storages.forEach(({ held }, storage) => {
    for (const { buffer, offset } of held) placeOf[buffer] = { storage, offset }
  })
  const constants = placeConstants(tape, placeOf)
  const end = constants.at(-1)
  return {
    placeOf,
    storages: storages.map(({ bytes }) => bytes),
    constants,
    plannedBytes: sum(storages),
    liveBytes: mostAlive(lifetimes, tape.entries.length),
    constantBytes: end === undefined ? 0 : aligned(end.offset + end.bytes.length),
  }
}

const duration = ({ first, last }: Lifetime): number => last - first

/** Orders in which buffers are placed; none is best for all tapes. */
const ORDERS: readonly ((a: Lifetime, b: Lifetime) => number)[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => duration(b) - duration(a) || b.bytes - a.bytes || a.first - b.first,
  (a, b) => b.bytes * duration(b) - a.bytes * duration(a) || a.first - b.first,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
]

/** First and last entry that touch each virtual buffer that is not constant; unused buffers are left out. */
function lifetimesOf({ entries, buffers }: Tape): Lifetime[] {
  const known = new Map<number, Lifetime & { last: number; apart: Set<number> }>()
  const storable = (buffer: TapeBuffer): buffer is number =>
    typeof buffer === 'number' && buffers[buffer]!.constant === null
  entries.forEach((entry, index) => {
    const used = [...new Set(buffersOf(entry).filter(storable))]
    for (const buffer of used) {
      const lifetime = known.get(buffer)
      if (lifetime !== undefined) lifetime.last = index
      else {
        const bytes = aligned(buffers[buffer]!.bytes)
        known.set(buffer, { buffer, bytes, first: index, last: index, apart: new Set() })
      }
    }
    const written = writtenIn(entry).filter(storable)
    const read = used.filter((buffer) => !written.includes(buffer))
    for (const one of written)
      for (const other of read) {
        known.get(one)!.apart.add(other)
        known.get(other)!.apart.add(one)
      }
  })
  return [...known.values()]
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

function place(lifetimes: readonly Lifetime[], largest: number): Storage[] {
  const storages: Storage[] = []
  for (const lifetime of lifetimes) {
    let best: { storage: Storage; offset: number; growth: number } | null = null
    for (const storage of storages) {
      if (storage.held.some(({ buffer }) => lifetime.apart.has(buffer))) continue
      const offset = lowestFree(storage.held, lifetime)
      if (offset + lifetime.bytes > largest) continue
      const growth = Math.max(0, offset + lifetime.bytes - storage.bytes)
      if (best === null || growth < best.growth) best = { storage, offset, growth }
    }
    // A storage that must grow by all of it is no better than a new one, which keeps more choices open.
    if (best === null || best.growth === lifetime.bytes) {
      storages.push({ bytes: lifetime.bytes, held: [{ ...lifetime, offset: 0 }] })
      continue
    }
    const { storage, offset } = best
    storage.held.push({ ...lifetime, offset })
    storage.bytes = Math.max(storage.bytes, offset + lifetime.bytes)
  }
  return storages
}

/** The lowest address at which nothing lies that is alive at the same time. */
function lowestFree(held: readonly Placed[], { bytes, first, last }: Lifetime): number {
  const alive = held
    .filter((other) => other.first <= last && first <= other.last)
    .sort((a, b) => a.offset - b.offset)
  let offset = 0
  for (const other of alive) {
    if (offset + bytes <= other.offset) break
    offset = Math.max(offset, other.offset + other.bytes)
  }
  return offset
}

/** Gives every constant its place, equal ones the same. */
function placeConstants(
  { entries, buffers }: Tape,
  placeOf: (Place | null)[],
): { bytes: Uint8Array; offset: number }[] {
  const used = new Set(entries.flatMap(buffersOf).filter((buffer) => typeof buffer === 'number'))
  const offsets = new Map<string, number>()
  const constants: { bytes: Uint8Array; offset: number }[] = []
  let end = 0
  for (const buffer of used) {
    const bytes = buffers[buffer]!.constant
    if (bytes === null) continue
    const key = bytes.length <= KEY_BYTES ? bytes.join() : `buffer ${buffer}`
    let offset = offsets.get(key)
    if (offset === undefined) {
      offsets.set(key, (offset = end))
      constants.push({ bytes, offset })
      end = aligned(end + bytes.length)
    }
    placeOf[buffer] = { storage: null, offset }
  }
  return constants
}

/** Longer constants are not compared with others: they are few. */
const KEY_BYTES = 4096
