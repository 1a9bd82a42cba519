import { describe, expect, it } from 'vitest'
import { elideCopies } from './elide.ts'
import type { Tape, TapeBinding, TapeEntry } from './tape.ts'

const pipeline = { label: 'kernel' } as GPUComputePipeline
const STORAGE = 0x80
const target = { label: 'gradients', usage: STORAGE, size: 4096 } as GPUBuffer
const unusable = { label: 'readings', usage: 0x8, size: 4096 } as GPUBuffer

const binding = (buffer: number | GPUBuffer, written: boolean, offset = 0): TapeBinding => ({
  index: 0,
  buffer,
  offset,
  size: 64,
  written,
})
const dispatch = (...bindings: TapeBinding[]): TapeEntry => ({
  kind: 'dispatch',
  pipeline,
  bindings,
  workgroups: [1, 1, 1],
})
const copy = (source: number, targetOffset: number, to = target, size = 64): TapeEntry => ({
  kind: 'copy',
  source,
  sourceOffset: 0,
  target: to,
  targetOffset,
  size,
})
const tapeOf = (...entries: TapeEntry[]): Tape => ({
  entries,
  buffers: [0, 1, 2].map(() => ({ bytes: 64, usage: STORAGE, constant: null })),
})

describe('elideCopies', () => {
  it('lets a tensor lie where it would be copied to, also for those who read it', () => {
    const { entries } = elideCopies(
      tapeOf(
        dispatch(binding(0, true)),
        dispatch(binding(1, true), binding(0, false)),
        copy(0, 256),
        copy(1, 512),
      ),
    )
    // The second reads the first, so it may not be written into the same buffer.
    const placed = { buffer: target, offset: 256 }
    expect(entries).toMatchObject([
      { kind: 'dispatch', bindings: [{ ...placed, written: true }] },
      { kind: 'dispatch', bindings: [{ buffer: 1 }, { ...placed, written: false }] },
      { kind: 'copy', source: 1, targetOffset: 512 },
    ])
  })

  it('takes both outputs of one dispatch', () => {
    const { entries } = elideCopies(
      tapeOf(dispatch(binding(0, true), binding(1, true)), copy(0, 0), copy(1, 256)),
    )
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      bindings: [
        { buffer: target, offset: 0 },
        { buffer: target, offset: 256 },
      ],
    })
  })

  it.each([
    ['an offset at which no binding may begin', [dispatch(binding(0, true)), copy(0, 4)]],
    ['a part of a tensor', [dispatch(binding(0, true)), copy(0, 0, target, 32)]],
    ['a target that kernels may not use', [dispatch(binding(0, true)), copy(0, 0, unusable)]],
    [
      'a target that is read in between',
      [dispatch(binding(0, true)), dispatch(binding(target, false), binding(1, true)), copy(0, 0)],
    ],
    ['a second copy into the same buffer', [dispatch(binding(0, true)), copy(0, 0), copy(0, 512)]],
  ])('leaves %s as it is', (_, entries) => {
    const tape = tapeOf(...entries)
    expect(elideCopies(tape)).toBe(tape)
  })

  it('leaves a constant where it is', () => {
    const tape: Tape = {
      entries: [copy(0, 0)],
      buffers: [{ bytes: 64, usage: STORAGE, constant: new Uint8Array(64) }],
    }
    expect(elideCopies(tape)).toBe(tape)
  })
})
