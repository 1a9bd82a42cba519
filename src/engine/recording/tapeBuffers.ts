import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TapeBuffer, VirtualBuffer } from './tape.ts'

type BufferManager = WebGPUBackend['bufferManager']

/** The part of tfjs' buffer manager that its backend calls. */
type ManagerPart = Pick<
  BufferManager,
  'acquireBuffer' | 'releaseBuffer' | 'numBytesUsed' | 'numBytesAllocated'
>

/**
 * Stands in for tfjs' buffer manager while a step is recorded, and numbers what is taken. Storage is recycled at once,
 * since the order of a replay is the order of the recording; uniforms and uploaded constants are never recycled, since a
 * replay reads them again.
 */
export class TapeBuffers implements ManagerPart {
  readonly virtual: VirtualBuffer[] = []
  numBytesUsed = 0
  numBytesAllocated = 0
  readonly #device: GPUDevice
  readonly #outer: ManagerPart
  readonly #free = new Map<string, GPUBuffer[]>()
  /** Number of the virtual buffer that lies in a buffer now. */
  readonly #numbers = new Map<GPUBuffer, number>()
  readonly #recyclable = new Set<GPUBuffer>()

  constructor(device: GPUDevice, outer: ManagerPart) {
    this.#device = device
    this.#outer = outer
  }

  /** A fresh or recycled buffer under a new number. */
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false): GPUBuffer {
    const constant = mappedAtCreation || (usage & GPUBufferUsage.UNIFORM) !== 0
    const recycled = constant ? undefined : this.#free.get(`${size} ${usage}`)?.pop()
    const buffer = recycled ?? this.#device.createBuffer({ size, usage, mappedAtCreation })
    if (recycled === undefined) this.numBytesAllocated += size
    this.numBytesUsed += size
    const number = this.virtual.push({ bytes: size, usage, constant: null }) - 1
    this.#numbers.set(buffer, number)
    if (!constant) this.#recyclable.add(buffer)
    if (mappedAtCreation) this.#keepUpload(buffer, number)
    return buffer
  }

  /** Recycles storage; buffers from before the recording go back where they came from. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.#numbers.has(buffer)) {
      this.#outer.releaseBuffer(buffer, reuse)
      return
    }
    if (!this.#recyclable.has(buffer)) return
    this.numBytesUsed -= buffer.size
    const key = `${buffer.size} ${buffer.usage}`
    this.#free.set(key, [...(this.#free.get(key) ?? []), buffer])
  }

  /** A buffer as the tape names it. */
  name(buffer: GPUBuffer): TapeBuffer {
    return this.#numbers.get(buffer) ?? buffer
  }

  /** Notes what is written into a uniform or constant. */
  noteWrite(buffer: GPUBuffer, bytes: Uint8Array): void {
    const number = this.#numbers.get(buffer)
    if (number !== undefined) this.virtual[number]!.constant = bytes
  }

  /** Destroys all buffers of the recording; submitted work is not harmed. */
  destroy(): void {
    for (const buffer of this.#numbers.keys()) buffer.destroy()
  }

  /** Copies what tfjs writes into a mapped buffer before it is unmapped. */
  #keepUpload(buffer: GPUBuffer, number: number): void {
    const virtual = this.virtual[number]!
    const range = buffer.getMappedRange()
    buffer.getMappedRange = () => range
    buffer.unmap = () => {
      virtual.constant = new Uint8Array(range.slice(0))
      GPUBuffer.prototype.unmap.call(buffer)
    }
  }
}
