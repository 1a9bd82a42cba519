import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TarError, tarEntries } from './tar.ts'
import { inChunks, tarOf, type Member } from './testing/archives.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_./-]{0,98}$/)
const member = fc.record({ name, content: fc.uint8Array({ maxLength: 1500 }) })
const chunkSizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 })

async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  wants: (index: number) => boolean = () => true,
) {
  const found: Member[] = []
  let index = 0
  for await (const entry of tarEntries(chunks)) {
    const content = wants(index++) ? await entry.read() : new Uint8Array(entry.size)
    found.push({ name: entry.name, content })
  }
  return found
}

describe('tarEntries', () => {
  it('gives back what an archive was made of, in any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 4 }), chunkSizes, async (members, sizes) => {
        expect(await readAll(inChunks(tarOf(members), sizes))).toEqual(members)
      }),
    )
  })

  it('passes over members that are not read', async () => {
    const members = ['a', 'b', 'c'].map((called, at) => ({
      name: called,
      content: new Uint8Array(600).fill(at + 1),
    }))
    const found = await readAll(inChunks(tarOf(members), [100]), (index) => index === 2)
    expect(found[2]).toEqual(members[2])
    expect(found.map((entry) => entry.name)).toEqual(['a', 'b', 'c'])
  })

  it('tells files from folders and extended headers', async () => {
    const empty = new Uint8Array(0)
    const archive = tarOf([
      { name: 'folder/', content: empty, flag: '5' },
      { name: 'pax', content: new Uint8Array(20), flag: 'x' },
      { name: 'folder/file', content: empty },
    ])
    const files: string[] = []
    for await (const entry of tarEntries(inChunks(archive, [512])))
      if (entry.isFile) files.push(entry.name)
    expect(files).toEqual(['folder/file'])
  })

  it('notices an end anywhere but between members', async () => {
    const content = new Uint8Array(1000).fill(7)
    const archive = tarOf([{ name: 'one', content }])
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1511 }), fc.boolean(), async (length, reads) => {
        const cut = inChunks(archive.subarray(0, length), [333])
        await expect(readAll(cut, () => reads)).rejects.toThrow(TarError)
      }),
    )
  })

  it('notices any changed byte of a header', async () => {
    const archive = tarOf([{ name: 'one', content: new Uint8Array(3) }])
    // The sum's own field may be written in several ways, so it is left alone.
    const place = fc.integer({ min: 0, max: 511 }).filter((at) => at < 148 || at > 155)
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = archive.slice()
        changed[at] = changed[at]! ^ change
        await expect(readAll(inChunks(changed, [512]))).rejects.toThrow(TarError)
      }),
    )
  })

  it('refuses bytes that are no archive', async () => {
    const text = new TextEncoder().encode('<!doctype html>'.repeat(100))
    await expect(readAll(inChunks(text, [64]))).rejects.toThrow('not a tar archive')
  })
})
