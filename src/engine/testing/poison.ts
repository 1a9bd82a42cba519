import type { Engine } from '../engine.ts'

/**
 * From now on every buffer that tfjs draws from its pool starts out full of NaN, so that no kernel passes a test by
 * zeros or old results that it should have written itself. Returns a function that ends it.
 */
export function poisonPool(engine: Engine): () => void {
  const { bufferManager, device } = engine.backend
  const original = bufferManager.acquireBuffer.bind(bufferManager)
  bufferManager.acquireBuffer = (size, usage, mappedAtCreation, reuse) => {
    const buffer = original(size, usage, mappedAtCreation, reuse)
    // What is drawn from the pool has no work waiting, so a write that overtakes the encoded commands harms nothing.
    if ((usage & GPUBufferUsage.STORAGE) !== 0 && buffer.mapState === 'unmapped')
      device.queue.writeBuffer(buffer, 0, new Float32Array(size / 4).fill(NaN))
    return buffer
  }
  return () => {
    bufferManager.acquireBuffer = original
  }
}
