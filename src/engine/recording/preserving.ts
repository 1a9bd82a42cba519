import type { Engine } from '../engine.ts'

/**
 * Does something that writes into buffers, and puts back what they held before, on the GPU.
 * @param buffers with usage COPY_SRC and COPY_DST
 */
export async function preserving<T>(
  engine: Engine,
  buffers: readonly GPUBuffer[],
  action: () => Promise<T>,
): Promise<T> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const copies = buffers.map(({ size }) => engine.createBuffer('kept state', size, usage))
  const copyAll = (from: readonly GPUBuffer[], to: readonly GPUBuffer[]): void => {
    const encoder = engine.encoder()
    from.forEach((buffer, i) => encoder.copyBufferToBuffer(buffer, 0, to[i]!, 0, buffer.size))
    engine.submit()
  }
  copyAll(buffers, copies)
  try {
    return await action()
  } finally {
    copyAll(copies, buffers)
    for (const copy of copies) engine.destroyBuffer(copy)
  }
}
