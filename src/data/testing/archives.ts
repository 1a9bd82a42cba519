/** Builds tar archives for tests. */

export interface Member {
  readonly name: string
  readonly content: Uint8Array
  /** Type flag; a plain file if not given. */
  readonly flag?: string
}

const BLOCK = 512

/** A POSIX archive with the given members, ended by two zero blocks. */
export function tarOf(members: readonly Member[]): Uint8Array<ArrayBuffer> {
  const sizes = members.map(({ content }) => BLOCK + Math.ceil(content.length / BLOCK) * BLOCK)
  const archive = new Uint8Array(sizes.reduce((all, size) => all + size, 2 * BLOCK))
  let at = 0
  for (const [index, member] of members.entries()) {
    archive.set(headerOf(member), at)
    archive.set(member.content, at + BLOCK)
    at += sizes[index]!
  }
  return archive
}

function headerOf({ name, content, flag = '0' }: Member): Uint8Array {
  const header = new Uint8Array(BLOCK)
  const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at)
  put(name, 0)
  put('0000644\0', 100)
  put(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  put('        ', 148)
  put(flag, 156)
  put('ustar\x0000', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Hands bytes out in chunks of the given sizes, over and over. */
export async function* inChunks(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array, void> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!
    yield await Promise.resolve(bytes.subarray(at, at + size))
    at += size
  }
}
