import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { faultOf, syntheticData } from '../../src/data/testing/synthetic.ts'
import { fileSource } from './fileSource.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-source-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('reads the manifest and the shards of a folder', async () => {
  const { manifest, files } = await syntheticData(1)
  const [name, bytes] = [...files][0]!
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(join(folder, name), bytes)
  const source = fileSource(folder)
  expect(await source.manifest()).toEqual(manifest)
  expect(Buffer.compare(await source.shard(name), bytes)).toBe(0)
})

it('says how to prepare the images when there are none', async () => {
  const fault = await faultOf(fileSource(folder).manifest())
  expect(fault).toMatchObject({ code: 'data-missing', todo: 'Run `npm run data`.' })
  expect((await faultOf(fileSource(folder).shard('train-00.shard'))).code).toBe('data-missing')
})

it('ends with the reason of an abort', async () => {
  const reason = new Error('the person left')
  const signal = AbortSignal.abort(reason)
  await expect(fileSource(folder).shard('train-00.shard', { signal })).rejects.toBe(reason)
})
