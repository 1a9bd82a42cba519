import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { syntheticData } from '../../src/data/testing/synthetic.ts'
import { checkPrepared } from './check.ts'

const { manifest, files } = await syntheticData(50)
const manifestText = JSON.stringify(manifest)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-check-'))
  for (const [file, content] of files) await writeFile(join(folder, file), content)
  // The manifest comes last, and a good while ago, so that changes in a test are newer.
  await writeFile(join(folder, 'manifest.json'), manifestText)
  const past = new Date(Date.now() - 60_000)
  for (const file of files.keys()) await utimes(join(folder, file), past, past)
  await utimes(join(folder, 'manifest.json'), past, past)
})
afterEach(() => rm(folder, { recursive: true }))

/** Changes one byte and leaves the length as it is. */
async function damage(file: string): Promise<void> {
  const content = await readFile(join(folder, file))
  content[20] = content[20]! ^ 1
  await writeFile(join(folder, file), content)
}

describe('checkPrepared', () => {
  it.each([false, true])('is content with a whole preparation (verify: %s)', async (verify) => {
    expect(await checkPrepared(folder, verify)).toEqual({ complete: true, manifest })
  })

  it('notices that the manifest is missing or makes no sense', async () => {
    await writeFile(join(folder, 'manifest.json'), manifestText.slice(0, 500))
    expect(await checkPrepared(folder, false)).toMatchObject({ complete: false })
    await rm(join(folder, 'manifest.json'))
    expect(await checkPrepared(folder, false)).toEqual({
      complete: false,
      why: 'nothing is prepared yet',
    })
  })

  it('notices a missing shard and one of another length', async () => {
    await rm(join(folder, 'train-31.shard'))
    expect(await checkPrepared(folder, false)).toMatchObject({ why: 'train-31.shard is missing' })
    await writeFile(join(folder, 'train-31.shard'), 'x')
    expect(await checkPrepared(folder, false)).toMatchObject({
      why: expect.stringMatching(/^train-31.shard has 1 bytes, not/) as string,
    })
  })

  it('notices a change that keeps the length', async () => {
    await damage('test-04.shard')
    expect(await checkPrepared(folder, false)).toEqual({
      complete: false,
      why: 'test-04.shard is damaged',
    })
  })

  it('notices with verify what no date gives away', async () => {
    const path = join(folder, 'train-00.shard')
    const { mtime } = await stat(path)
    await damage('train-00.shard')
    await utimes(path, mtime, mtime)
    expect(await checkPrepared(folder, false)).toMatchObject({ complete: true })
    expect(await checkPrepared(folder, true)).toMatchObject({ why: 'train-00.shard is damaged' })
  })

  it('does not read sound files again that are newer than the manifest', async () => {
    const now = new Date()
    for (const file of files.keys()) await utimes(join(folder, file), now, now)
    expect(await checkPrepared(folder, false)).toMatchObject({ complete: true })
    const manifestTime = (await stat(join(folder, 'manifest.json'))).mtimeMs
    const shardTime = (await stat(join(folder, 'train-00.shard'))).mtimeMs
    expect(manifestTime).toBeGreaterThanOrEqual(shardTime)
  })
})
