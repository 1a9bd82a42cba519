import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/data/bytes.ts'
import { readDroppedFiles } from '../../src/data/dropped.ts'
import { loadTestImages, loadTrainingImages } from '../../src/data/load.ts'
import { MANIFEST_FILE, parseManifest, type Manifest } from '../../src/data/manifest.ts'
import {
  ARCHIVE_FILE,
  ARCHIVE_FOLDER,
  BATCH_BYTES,
  officialBatches,
} from '../../src/data/official.ts'
import { tarOf } from '../../src/data/testing/archives.ts'
import { faultOf, sameBytes } from '../../src/data/testing/synthetic.ts'
import { fileSource } from '../node/fileSource.ts'
import { dataDir } from './ensure.ts'
import { prepareData } from './prepare.ts'

// These tests use the project's own prepared data; `npm test` and `npm run data` make it.

const readManifest = async (folder: string): Promise<Manifest> =>
  parseManifest(await readFile(join(folder, MANIFEST_FILE), 'utf8'))

/** The official batch files, put together from the shards of a folder. */
async function* batchFiles(folder: string): AsyncGenerator<[string, Uint8Array<ArrayBuffer>]> {
  const { shards } = await readManifest(folder)
  const entries = [...shards.train, ...shards.test]
  for (const [at, { file }] of officialBatches.entries()) {
    const bytes = new Uint8Array(BATCH_BYTES)
    let filled = 0
    for (const entry of entries.slice(at * 10, at * 10 + 10)) {
      const records = gunzipSync(await readFile(join(folder, entry.file)))
      bytes.set(records, filled)
      filled += records.length
    }
    yield [file, bytes]
  }
}

describe('the prepared data', () => {
  it('reproduces the six official files', async () => {
    const sums: string[] = []
    for await (const [, bytes] of batchFiles(dataDir)) sums.push(await sha256(bytes))
    expect(sums).toEqual(officialBatches.map((batch) => batch.sha256))
  })

  it('has shards without a time stamp', async () => {
    const { shards } = await readManifest(dataDir)
    const head = (await readFile(join(dataDir, shards.train[0]!.file))).subarray(0, 10)
    expect([...head]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  })

  it('is found complete at once', async () => {
    const onProgress = vi.fn()
    const { because } = await prepareData({ dataDir, cacheDir: '/nowhere', onProgress })
    expect(because).toBeNull()
    expect(onProgress).not.toHaveBeenCalled()
  })

  it('loads as the same images from shards and from a dropped official file', async () => {
    const [name, bytes] = (await batchFiles(dataDir).next()).value as [
      string,
      Uint8Array<ArrayBuffer>,
    ]
    const { train: dropped } = await readDroppedFiles([new File([bytes], name)], 2000)
    const loaded = await loadTrainingImages(fileSource(dataDir), 2000)
    expect(sameBytes(dropped.pixels, loaded.pixels)).toBe(true)
    expect([...dropped.labels]).toEqual([...loaded.labels])
    // The labels with which the official files begin: frog, truck, truck; cat, ship, ship.
    expect([...loaded.labels.subarray(0, 3)]).toEqual([6, 9, 9])
    const test = await loadTestImages(fileSource(dataDir), 3)
    expect([...test.labels]).toEqual([3, 8, 8])
  })
})

describe('prepareData', () => {
  let folder: string
  const places = () => ({ dataDir: join(folder, 'data'), cacheDir: join(folder, 'cache') })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peekaboo-prepare-'))
    await mkdir(places().cacheDir)
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Writes the official archive, put together from the shards. */
  async function writeArchive(): Promise<void> {
    async function* members() {
      for await (const [file, content] of batchFiles(dataDir))
        yield tarOf([{ name: `${ARCHIVE_FOLDER}/${file}`, content }]).subarray(0, -1024)
      yield new Uint8Array(1024)
    }
    const target = createWriteStream(join(places().cacheDir, ARCHIVE_FILE))
    await pipeline(Readable.from(members()), createGzip({ level: 0 }), target)
  }

  it('refuses a damaged archive and writes nothing', async () => {
    await writeFile(join(places().cacheDir, ARCHIVE_FILE), 'no archive')
    const fault = await faultOf(prepareData(places()))
    expect(fault.code).toBe('data-damaged')
    expect(await readdir(places().dataDir)).toEqual([])
  })

  it('starts over after an interruption, from the official archive too', async () => {
    await writeArchive()
    const left = join(places().dataDir, '.staging-999999999')
    await mkdir(left)
    await writeFile(join(left, 'train-00.shard'), 'half a sh')
    await writeFile(join(places().dataDir, 'train-00.shard'), 'half a sh')
    await writeFile(join(places().dataDir, 'old-00.shard'), 'of an earlier version')
    const shares: (number | null)[] = []
    const { manifest, because } = await prepareData({
      ...places(),
      onProgress: (_, share) => shares.push(share),
    })
    expect(because).toBe('nothing is prepared yet')
    expect(shares).toEqual([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])
    const made = [...manifest.shards.train, ...manifest.shards.test]
    const files = [...made.map((shard) => shard.file), MANIFEST_FILE]
    expect((await readdir(places().dataDir)).sort()).toEqual(files.sort())
    const present = await readManifest(dataDir)
    expect(made.map((shard) => shard.recordsSha256)).toEqual(
      [...present.shards.train, ...present.shards.test].map((shard) => shard.recordsSha256),
    )
    expect((await prepareData({ ...places(), verify: true })).because).toBeNull()
  })

  it('says so when the disk does not take it', async () => {
    const blocked = join(folder, 'a file')
    await writeFile(blocked, '')
    const fault = await faultOf(prepareData({ ...places(), dataDir: join(blocked, 'data') }))
    expect(fault.code).toBe('storage')
  })
})
