import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TapeBuffer, VirtualBuffer } from './tape.ts'

type BufferManager = WebGPUBackend['bufferManager']

/** The part of tfjs' buffer manager that its backend calls. */
type ManagerPart = Pick<
  BufferManager,
  'acquireBuffer' | 'releaseBuffer' | 'numBytesUsed' | 'numBytesAllocated'
>

/**
 * Stands in for tfjs' buffer manager while a step is recorded: every buffer that is asked for exists on the tape alone,
 * under a number, and takes no GPU memory.
 */
export class VirtualBuffers implements ManagerPart {
  readonly list: (VirtualBuffer & { constant: Uint8Array | null })[] = []
  readonly numBytesUsed = 0
  readonly numBytesAllocated = 0
  readonly #outer: ManagerPart
  readonly #numbers = new Map<GPUBuffer, number>()

  /** @param outer manager of the buffers from before the recording */
  constructor(outer: ManagerPart) {
    this.#outer = outer
  }

  /** A virtual buffer under a new number. */
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false): GPUBuffer {
    const entry = { bytes: size, usage, constant: null as Uint8Array | null }
    const number = this.list.push(entry) - 1
    const range = mappedAtCreation ? new ArrayBuffer(size) : null
    const buffer = standIn(size, usage, range, (contents) => {
      entry.constant = contents
    })
    this.#numbers.set(buffer, number)
    return buffer
  }

  /** Virtual buffers need no release; those from before the recording go back where they came from. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.#numbers.has(buffer)) this.#outer.releaseBuffer(buffer, reuse)
  }

  /** A buffer as the tape names it. */
  name(buffer: GPUBuffer): TapeBuffer {
    return this.#numbers.get(buffer) ?? buffer
  }

  /** Notes what is written into a virtual buffer; false where the buffer is a real one. */
  noteWrite(buffer: GPUBuffer, contents: () => Uint8Array): boolean {
    const number = this.#numbers.get(buffer)
    if (number === undefined) return false
    this.list[number]!.constant = contents()
    return true
  }
}

/** An object that tfjs takes for a buffer. */
function standIn(
  size: number,
  usage: GPUBufferUsageFlags,
  range: ArrayBuffer | null,
  onUpload: (contents: Uint8Array) => void,
): GPUBuffer {
  let mapState: GPUBufferMapState = range === null ? 'unmapped' : 'mapped'
  const buffer: unknown = Object.create(GPUBuffer.prototype, {
    size: { value: size },
    usage: { value: usage },
    mapState: { get: () => mapState },
    getMappedRange: { value: () => range },
    unmap: {
      value: () => {
        mapState = 'unmapped'
        if (range !== null) onUpload(new Uint8Array(range))
      },
    },
    destroy: { value: () => undefined },
  })
  return buffer as GPUBuffer
}
