import { ByteReader } from './bytes.ts'

/** Something is wrong with a tar archive; the message says what, to be put into a sentence. */
export class TarError extends Error {
  override readonly name = 'TarError'
}

/** One member of an archive. Its content is read by `read`, or passed over when the next member is asked for. */
export interface TarEntry {
  /** Path inside the archive, with forward slashes. */
  readonly name: string
  /** Bytes of the content. */
  readonly size: number
  /** False for folders, links and extended headers. */
  readonly isFile: boolean
  /** Reads the content; once only, and before the next member. Check `size` first: that much is allocated. */
  read(): Promise<Uint8Array<ArrayBuffer>>
}

const BLOCK = 512

/**
 * The members of a tar archive (ustar and its GNU and pax relatives), in order. Every header's check sum is tested, so
 * that anything but a tar archive is noticed at once. Long names of the GNU and pax kinds are not joined: their
 * members appear under the short form of the name.
 * @throws TarError when the bytes are no tar archive or end early.
 */
export async function* tarEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(chunks)
  const header = new Uint8Array(BLOCK)
  try {
    for (;;) {
      const got = await reader.fill(header)
      // Some writers leave out the two zero blocks at the end.
      if (got === 0 || (got === BLOCK && header.every((byte) => byte === 0))) return
      if (got < BLOCK) throw new TarError('it ends in the middle of a header')
      const { name, size, isFile } = parseHeader(header)
      let left = size
      yield {
        name,
        size,
        isFile,
        read: async () => {
          const content = new Uint8Array(left)
          const filled = await reader.fill(content)
          left -= filled
          if (left > 0) throw truncated(name, size, filled)
          return content
        },
      }
      const padding = (BLOCK - (size % BLOCK)) % BLOCK
      const skipped = await reader.skip(left + padding)
      if (skipped < left) throw truncated(name, size, size - left + skipped)
    }
  } finally {
    await reader.close()
  }
}

function truncated(name: string, size: number, found: number): TarError {
  return new TarError(`it ends after ${found} of the ${size} bytes of ${name}`)
}

function parseHeader(header: Uint8Array) {
  const stored = octal(header, 148, 8)
  let sum = 0
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte
  if (stored !== sum) throw new TarError('it is not a tar archive, or a header in it is damaged')
  const size = octal(header, 124, 12)
  if (size === null) throw new TarError('a header in it gives no readable size')
  const prefix = text(header, 257, 5) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : ''
  const name = text(header, 0, 100)
  const kind = header[156]
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size,
    isFile: kind === 0 || kind === '0'.charCodeAt(0),
  }
}

/** A text field: up to its first zero byte. */
function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}

/** A number field in octal digits, or null when it holds something else. */
function octal(header: Uint8Array, at: number, length: number): number | null {
  const digits = text(header, at, length).trim()
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null
}
