import type { Engine } from '../engine.ts'

/** Bytes of one GPU timestamp, in ns. */
const TIMESTAMP_BYTES = 8

/**
 * Runs pieces of work on the GPU, each in a compute pass of its own, and measures them.
 * @param work encodes one piece
 * @returns milliseconds of each; null where the adapter has no timestamps
 */
export async function timeEach(
  engine: Engine,
  work: readonly ((pass: GPUComputePassEncoder) => void)[],
): Promise<number[] | null> {
  const { device } = engine
  if (!device.features.has('timestamp-query')) {
    const encoder = device.createCommandEncoder()
    for (const encode of work) {
      const pass = encoder.beginComputePass()
      encode(pass)
      pass.end()
    }
    device.queue.submit([encoder.finish()])
    return null
  }
  const count = 2 * work.length
  const querySet = device.createQuerySet({ type: 'timestamp', count })
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC
  const resolved = engine.createBuffer('timestamps', count * TIMESTAMP_BYTES, usage)
  try {
    const encoder = device.createCommandEncoder()
    work.forEach((encode, index) => {
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet,
          beginningOfPassWriteIndex: 2 * index,
          endOfPassWriteIndex: 2 * index + 1,
        },
      })
      encode(pass)
      pass.end()
    })
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
    device.queue.submit([encoder.finish()])
    const times = new BigUint64Array(await engine.read(resolved))
    // Clocks of some adapters step back now and then.
    return work.map((_, i) => Math.max(0, Number(times[2 * i + 1]! - times[2 * i]!)) / 1e6)
  } finally {
    querySet.destroy()
    engine.destroyBuffer(resolved)
  }
}
