/**
 * What a step does on the GPU, in order. Buffers that the step takes from the pool appear as numbers (virtual buffers),
 * so that a memory plan can give them storage; all others appear as themselves.
 */

/** A buffer of the tape: the number of a virtual buffer, or a buffer that outlives the recording. */
export type TapeBuffer = number | GPUBuffer

/** A part of a buffer, in bytes; a virtual buffer is always used whole. */
export interface TapeRange {
  readonly buffer: TapeBuffer
  readonly offset: number
  readonly size: number
}

/** A binding of a dispatch. */
export interface TapeBinding extends TapeRange {
  readonly index: number
  /** Whether the kernel may write it. */
  readonly written: boolean
}

/** One dispatch of a kernel. */
export interface TapeDispatch {
  readonly kind: 'dispatch'
  readonly pipeline: GPUComputePipeline
  readonly bindings: readonly TapeBinding[]
  readonly workgroups: readonly [number, number, number]
}

/** One copy between buffers, in bytes. */
export interface TapeCopy {
  readonly kind: 'copy'
  readonly source: TapeBuffer
  readonly sourceOffset: number
  readonly target: TapeBuffer
  readonly targetOffset: number
  readonly size: number
}

export type TapeEntry = TapeDispatch | TapeCopy

/** A virtual buffer: what one tensor of the step needs. */
export interface VirtualBuffer {
  readonly bytes: number
  readonly usage: GPUBufferUsageFlags
  /** The contents, where they were uploaded and never change (constants, uniforms); else null. */
  readonly constant: Uint8Array | null
}

/** A recorded step. */
export interface Tape {
  readonly entries: readonly TapeEntry[]
  readonly buffers: readonly VirtualBuffer[]
}

/** The buffers that an entry touches. */
export function buffersOf(entry: TapeEntry): TapeBuffer[] {
  return entry.kind === 'copy'
    ? [entry.source, entry.target]
    : entry.bindings.map(({ buffer }) => buffer)
}

/** The buffers that an entry may write. */
export const writtenIn = (entry: TapeEntry): TapeBuffer[] =>
  entry.kind === 'copy'
    ? [entry.target]
    : entry.bindings.filter(({ written }) => written).map(({ buffer }) => buffer)

/** What an entry is, for people: the kernel's name, or "copy". */
export const nameOf = (entry: TapeEntry): string =>
  entry.kind === 'copy' ? 'copy' : entry.pipeline.label || 'unnamed kernel'
