/** Reads exact numbers of bytes from a sequence of chunks, whatever their sizes. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Fills `target` as far as the bytes reach and says how many there were: fewer than asked only at the end. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0
    while (filled < target.length && (await this.#more())) {
      const part = this.#rest.subarray(0, target.length - filled)
      target.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    return filled
  }

  /** Passes over `count` bytes and says how many there were: fewer than asked only at the end. */
  async skip(count: number): Promise<number> {
    let skipped = 0
    while (skipped < count && (await this.#more())) {
      const part = Math.min(this.#rest.length, count - skipped)
      skipped += part
      this.#rest = this.#rest.subarray(part)
    }
    return skipped
  }

  /** Lets go of the chunks, so that a stream behind them closes. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  /** Makes sure that a byte is at hand; false at the end. */
  async #more(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done) return false
      this.#rest = next.value
    }
    return true
  }
}

/** The SHA-256 sum of some bytes, lower-case hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
