import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader, sha256 } from './bytes.ts'
import { inChunks } from './testing/archives.ts'

it('reads and skips across chunk borders, whatever the sizes', async () => {
  const steps = fc.array(fc.record({ skip: fc.boolean(), count: fc.nat(40) }))
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      sizes,
      steps,
      async (bytes, pieces, todo) => {
        const reader = new ByteReader(inChunks(bytes, [...pieces, 1]))
        let at = 0
        for (const { skip, count } of todo) {
          const expected = bytes.subarray(at, at + count)
          const target = new Uint8Array(count)
          const got = skip ? await reader.skip(count) : await reader.fill(target)
          expect(got).toBe(expected.length)
          if (!skip) expect(target.subarray(0, got)).toEqual(expected)
          at += got
        }
      },
    ),
  )
})

it('closes the chunks behind it', async () => {
  let closed = false
  async function* chunks() {
    try {
      yield await Promise.resolve(new Uint8Array(4))
      yield new Uint8Array(4)
    } finally {
      closed = true
    }
  }
  const reader = new ByteReader(chunks())
  await reader.skip(2)
  await reader.close()
  expect(closed).toBe(true)
})

it('gives the published SHA-256 sum of "abc"', async () => {
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
