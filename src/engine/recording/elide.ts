import { ALIGNMENT } from '../alignment.ts'
import {
  writtenIn,
  type Tape,
  type TapeBuffer,
  type TapeCopy,
  type TapeEntry,
  type TapeRange,
} from './tape.ts'

/**
 * The same tape without copies of whole tensors into buffers that outlive the step, such as gradients into the flat
 * buffer: the tensor lies there from the beginning.
 */
export function elideCopies(tape: Tape): Tape {
  const places = new Map<number, TapeRange>()
  const dropped = new Set<TapeEntry>()
  const touching = entriesByBuffer(tape)
  for (const entry of tape.entries)
    if (entry.kind === 'copy' && mayLieInTarget(tape, entry, touching, places)) {
      const { target, targetOffset, size } = entry
      places.set(entry.source as number, { buffer: target, offset: targetOffset, size })
      dropped.add(entry)
    }
  if (dropped.size === 0) return tape
  const entries = tape.entries
    .filter((entry) => !dropped.has(entry))
    .map((entry) => moved(entry, places))
  return { entries, buffers: tape.buffers }
}

/** Positions of the entries that touch each buffer, in order. */
function entriesByBuffer({ entries }: Tape): ReadonlyMap<TapeBuffer, readonly number[]> {
  const touching = new Map<TapeBuffer, number[]>()
  const add = (buffer: TapeBuffer, index: number): void => {
    const list = touching.get(buffer)
    if (list === undefined) touching.set(buffer, [index])
    else if (list.at(-1) !== index) list.push(index)
  }
  entries.forEach((entry, index) => {
    if (entry.kind === 'copy') [entry.source, entry.target].forEach((one) => add(one, index))
    else entry.bindings.forEach(({ buffer }) => add(buffer, index))
  })
  return touching
}

/** Whether the source of a copy may lie where it is copied to. */
function mayLieInTarget(
  { entries, buffers }: Tape,
  copy: TapeCopy,
  touching: ReadonlyMap<TapeBuffer, readonly number[]>,
  places: ReadonlyMap<number, TapeRange>,
): boolean {
  const { source, sourceOffset, target, targetOffset, size } = copy
  if (typeof source !== 'number' || typeof target === 'number' || places.has(source)) return false
  const { bytes, constant } = buffers[source]!
  if (constant !== null || sourceOffset !== 0 || size !== bytes) return false
  if (targetOffset % ALIGNMENT !== 0 || !(target.usage & GPUBufferUsage.STORAGE)) return false
  const uses = touching.get(source)!
  const [first, last] = [uses[0]!, uses.at(-1)!]
  if (entries[first]!.kind === 'copy') return false
  // Between the first and the last use nothing else may touch that part of the target.
  const overlaps = (at: TapeBuffer, offset: number, length: number): boolean =>
    at === target && offset < targetOffset + size && targetOffset < offset + length
  const disturbed = touching.get(target)!.some((index) => {
    const entry = entries[index]!
    if (index < first || index > last || entry === copy) return false
    return entry.kind === 'copy'
      ? overlaps(entry.source, entry.sourceOffset, entry.size) ||
          overlaps(entry.target, entry.targetOffset, entry.size)
      : entry.bindings.some(({ buffer, offset, size: length }) => overlaps(buffer, offset, length))
  })
  if (disturbed) return false
  // No dispatch may write one part of a buffer and read another.
  return uses.every((index) => {
    const entry = entries[index]!
    if (entry.kind === 'copy') return entry === copy || entry.target !== target
    const writesSource = writtenIn(entry).includes(source)
    return entry.bindings.every(({ buffer, written }) => {
      if (buffer === source) return true
      const place = typeof buffer === 'number' ? places.get(buffer)?.buffer : buffer
      return place !== target || written === writesSource
    })
  })
}

/** An entry with the buffers that were given a place. */
function moved(entry: TapeEntry, places: ReadonlyMap<number, TapeRange>): TapeEntry {
  const placeOf = (buffer: TapeBuffer): TapeRange | undefined =>
    typeof buffer === 'number' ? places.get(buffer) : undefined
  if (entry.kind === 'copy') {
    const [from, to] = [placeOf(entry.source), placeOf(entry.target)]
    return {
      ...entry,
      source: from?.buffer ?? entry.source,
      sourceOffset: entry.sourceOffset + (from?.offset ?? 0),
      target: to?.buffer ?? entry.target,
      targetOffset: entry.targetOffset + (to?.offset ?? 0),
    }
  }
  const bindings = entry.bindings.map((binding) => ({ ...binding, ...placeOf(binding.buffer) }))
  return { ...entry, bindings }
}
