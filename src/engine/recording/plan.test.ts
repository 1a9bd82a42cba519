import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planMemory, type MemoryPlan } from './plan.ts'
import { buffersOf, writtenIn, type Tape, type TapeEntry, type VirtualBuffer } from './tape.ts'

const pipeline = { label: 'kernel' } as GPUComputePipeline

const dispatch = (written: readonly number[], read: readonly number[]): TapeEntry => ({
  kind: 'dispatch',
  pipeline,
  bindings: [...written, ...read].map((buffer, index) => ({
    index,
    buffer,
    offset: 0,
    size: 4,
    written: index < written.length,
  })),
  workgroups: [1, 1, 1],
})

const buffer = (bytes: number, constant: Uint8Array | null = null): VirtualBuffer => ({
  bytes,
  usage: 0x80,
  constant,
})

/** First and last entry of every virtual buffer. */
const lifetimes = ({ entries, buffers }: Tape): [first: number, last: number][] =>
  buffers.map((_, number) => {
    const uses = entries.flatMap((entry, i) => (buffersOf(entry).includes(number) ? [i] : []))
    return [uses[0] ?? Infinity, uses.at(-1) ?? -Infinity]
  })

/** Pairs of buffers that lie over each other although both are alive, or that a dispatch may not both touch. */
function faults(tape: Tape, { placeOf, storages }: MemoryPlan): string[] {
  const found: string[] = []
  const lives = lifetimes(tape)
  tape.buffers.forEach((a, i) => {
    const p = placeOf[i]!
    if (lives[i]![1] < 0) return
    if (p.storage === null) return
    if (p.offset % 256 !== 0 || p.offset + a.bytes > storages[p.storage]!) found.push(`${i} beyond`)
    tape.buffers.slice(0, i).forEach((b, j) => {
      const q = placeOf[j]
      if (q?.storage !== p.storage) return
      const alive = lives[i]![0] <= lives[j]![1] && lives[j]![0] <= lives[i]![1]
      const over = p.offset < q.offset + b.bytes && q.offset < p.offset + a.bytes
      if (alive && over) found.push(`${i} over ${j}`)
      for (const entry of tape.entries) {
        const touched = buffersOf(entry)
        const written = writtenIn(entry)
        if (touched.includes(i) && touched.includes(j))
          if (written.includes(i) !== written.includes(j)) found.push(`${i} beside ${j}`)
      }
    })
  })
  return found
}

/** A tape of a network: every entry writes new buffers and reads some of those before. */
const tapes = fc
  .array(
    fc.record({
      outputs: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 3 }),
      inputs: fc.array(fc.nat(), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((steps): Tape => {
    const buffers: VirtualBuffer[] = []
    const entries = steps.map(({ outputs, inputs }) => {
      const before = buffers.length
      const read = before === 0 ? [] : [...new Set(inputs.map((index) => index % before))]
      const written = outputs.map((words) => buffers.push(buffer(4 * words)) - 1)
      return dispatch(written, read)
    })
    return { entries, buffers }
  })

describe('planMemory', () => {
  it('lays no two buffers over each other that are alive together, and heeds what a dispatch may touch', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        const plan = planMemory(tape)
        expect(faults(tape, plan)).toEqual([])
        expect(plan.plannedBytes).toBeGreaterThanOrEqual(plan.liveBytes)
        expect(plan.plannedBytes).toBe(plan.storages.reduce((a, b) => a + b, 0))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('needs no more than is alive where a chain allows it', () => {
    const buffers = [1024, 1024, 1024, 1024].map((bytes) => buffer(bytes))
    const entries = [dispatch([0], []), dispatch([1], [0]), dispatch([2], [1]), dispatch([3], [2])]
    const plan = planMemory({ entries, buffers })
    expect([plan.plannedBytes, plan.liveBytes]).toEqual([2048, 2048])
  })

  it('keeps every storage within the largest size', () => {
    const buffers = Array.from({ length: 6 }, () => buffer(1024))
    const entries = [dispatch([0, 1, 2, 3, 4, 5], [])]
    const plan = planMemory({ entries, buffers }, 2048)
    expect(Math.max(...plan.storages)).toBeLessThanOrEqual(2048)
    expect(plan.plannedBytes).toBe(6 * 1024)
  })

  it('keeps equal constants once, apart from storage, and none that is not used', () => {
    const [same, other] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 5)]
    const buffers = [buffer(4), buffer(4, same), buffer(4, same.slice()), buffer(4, other)]
    const plan = planMemory({ entries: [dispatch([0], [1, 2])], buffers })
    expect(plan.constants).toEqual([{ bytes: same, offset: 0 }])
    expect(plan.placeOf).toEqual([
      { storage: 0, offset: 0 },
      { storage: null, offset: 0 },
      { storage: null, offset: 0 },
      null,
    ])
    expect(plan.constantBytes).toBe(256)
  })
})
