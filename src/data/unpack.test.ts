import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atMost, chunksOf, gunzip, OversizeError, unpackExactly } from './unpack.ts'

const pack = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))

describe('unpackExactly', () => {
  it('gives back what was packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        expect(await unpackExactly(pack(bytes), bytes.length)).toEqual(bytes)
      }),
    )
  })

  it('refuses fewer and more bytes than expected', async () => {
    const packed = pack(new Uint8Array(1000))
    expect(await unpackExactly(packed, 999)).toBeNull()
    expect(await unpackExactly(packed, 1001)).toBeNull()
    expect(await unpackExactly(packed, 1000)).not.toBeNull()
  })

  it('refuses a file that is cut anywhere or changed in its content or sum', async () => {
    const bytes = new Uint8Array(3000).map((_, at) => (at * at) >> 3)
    const packed = pack(bytes)
    for (let length = 0; length < packed.length; length += 97)
      expect(await unpackExactly(packed.slice(0, length), bytes.length)).toBeNull()
    for (let at = 10; at < packed.length; at += 53) {
      const changed = packed.slice()
      changed[at] = changed[at]! ^ 0x55
      expect(await unpackExactly(changed, bytes.length)).toBeNull()
    }
  })
})

describe('streams', () => {
  it('stop a gzip bomb near the limit', async () => {
    const bomb = pack(new Uint8Array(64 * 2 ** 20))
    let most = 0
    const read = async () => {
      for await (const chunk of atMost(gunzip(new Blob([bomb]).stream()), 2 ** 20))
        most += chunk.length
    }
    await expect(read()).rejects.toThrow(OversizeError)
    expect(most).toBeLessThanOrEqual(2 ** 20)
  })

  it('cancel the stream when no more chunks are asked for', async () => {
    let cancelled = false
    const stream = new ReadableStream<number>({
      pull: (controller) => controller.enqueue(1),
      cancel: () => {
        cancelled = true
      },
    })
    for await (const chunk of chunksOf(stream)) if (chunk === 1) break
    expect(cancelled).toBe(true)
  })
})
