/** What has been asked of WebGPU so far. */
export interface GpuCounts {
  readonly dispatches: number
  readonly submits: number
  /** Bytes that went from the host into buffers, written or mapped. */
  readonly uploadedBytes: number
  /** Bytes of all buffers that exist now. */
  readonly heldBytes: number
}

/** Counts, whatever library makes the calls, all work that is asked of WebGPU in this process. */
export interface GpuCounters {
  readonly counts: () => GpuCounts
  /** Ends the counting. */
  readonly stop: () => void
}

/**
 * Begins to count. Only what is called from now on, and on buffers made from now on, counts.
 * @throws Error when WebGPU's classes are not global
 */
export function countGpuCalls(): GpuCounters {
  let [dispatches, submits, uploadedBytes, heldBytes] = [0, 0, 0, 0]
  /** Bytes that the host may be writing into a mapped buffer: they are uploaded when it is unmapped. */
  const mapped = new WeakMap<GPUBuffer, number>()
  // A buffer that nobody holds is freed by the garbage collector, destroyed or not.
  const collected = new FinalizationRegistry((size: number) => (heldBytes -= size))
  const held = new WeakSet<GPUBuffer>()
  const ends = [
    overhear(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => dispatches++),
    overhear(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => dispatches++),
    overhear(GPUQueue.prototype, 'submit', () => submits++),
    overhear(GPUQueue.prototype, 'writeBuffer', (_, [, , data, offset, size]) => {
      uploadedBytes += writtenBytes(data as AllowSharedBufferSource, offset, size)
    }),
    overhear(GPUDevice.prototype, 'createBuffer', (_, [descriptor], result) => {
      const buffer = result as GPUBuffer
      heldBytes += buffer.size
      held.add(buffer)
      collected.register(buffer, buffer.size, buffer)
      if ((descriptor as GPUBufferDescriptor).mappedAtCreation) mapped.set(buffer, buffer.size)
    }),
    overhear(GPUBuffer.prototype, 'destroy', (buffer) => {
      if (!held.delete(buffer)) return
      heldBytes -= buffer.size
      collected.unregister(buffer)
    }),
    overhear(GPUBuffer.prototype, 'mapAsync', (buffer, [mode, offset, size]) => {
      if (mode !== GPUMapMode.WRITE) return
      mapped.set(buffer, (size as number | undefined) ?? buffer.size - ((offset as number) || 0))
    }),
    overhear(GPUBuffer.prototype, 'unmap', (buffer) => {
      uploadedBytes += mapped.get(buffer) ?? 0
      mapped.delete(buffer)
    }),
  ]
  return {
    counts: () => ({ dispatches, submits, uploadedBytes, heldBytes }),
    stop: () => ends.forEach((end) => end()),
  }
}

/** Hears every call of a method after it was made; returns how to end that. */
function overhear<T extends object>(
  prototype: T,
  name: keyof T & string,
  note: (self: T, args: readonly unknown[], result: unknown) => void,
): () => void {
  const original = Object.getOwnPropertyDescriptor(prototype, name)!
  const method = original.value as (...args: unknown[]) => unknown
  Object.defineProperty(prototype, name, {
    ...original,
    value(this: T, ...args: unknown[]): unknown {
      const result = Reflect.apply(method, this, args)
      note(this, args, result)
      return result
    },
  })
  return () => Object.defineProperty(prototype, name, original)
}

/** Bytes of a `writeBuffer`: offset and size count elements of a typed array, else bytes. */
function writtenBytes(data: AllowSharedBufferSource, offset: unknown, size: unknown): number {
  const unit = 'BYTES_PER_ELEMENT' in data ? (data.BYTES_PER_ELEMENT as number) : 1
  if (size !== undefined) return (size as number) * unit
  return data.byteLength - ((offset as number | undefined) ?? 0) * unit
}
