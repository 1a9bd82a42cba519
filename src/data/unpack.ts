import { ByteReader } from './bytes.ts'

/** What was unpacked is longer than it may be. */
export class OversizeError extends Error {
  override readonly name = 'OversizeError'
}

/** Packed bytes are damaged or end early. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
}

/** The chunks of a stream. The stream is cancelled when no more are asked for. */
export async function* chunksOf<T>(stream: ReadableStream<T>): AsyncGenerator<T, void> {
  // A reader rather than the stream's own iterator, which not every browser has.
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // The stream may have failed; the reader of the chunks has been told already.
    await reader.cancel().catch(() => undefined)
  }
}

/** Passes chunks on, until they exceed `most` bytes together: then throws OversizeError. */
export async function* atMost(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > most) throw new OversizeError(`more than ${most} bytes`)
    yield chunk
  }
}

/** Unpacks a gzip stream. @throws DamageError where the packed bytes are damaged or end early. */
export async function* gunzip(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunksOf(packed.pipeThrough(new DecompressionStream('gzip')))
  } catch (error) {
    // Browsers and Node name damage differently; a failure to read the packed bytes is a DOMException in both.
    throw error instanceof DOMException ? error : new DamageError('damaged', { cause: error })
  }
}

/**
 * Unpacks gzip bytes that must hold exactly `size` bytes.
 * @returns null when they are damaged, hold fewer or hold more; no more than `size` bytes are ever kept.
 */
export async function unpackExactly(
  packed: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const content = new Uint8Array(size)
  try {
    const reader = new ByteReader(atMost(gunzip(new Blob([packed]).stream()), size))
    const filled = await reader.fill(content)
    // Also sees the end, where gzip's own sum is checked and anything beyond would show.
    const beyond = await reader.skip(1)
    return filled === size && beyond === 0 ? content : null
  } catch (error) {
    if (error instanceof DamageError || error instanceof OversizeError) return null
    throw error
  }
}
