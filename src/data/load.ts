import { PeekabooError } from '../errors.ts'
import { sha256 } from './bytes.ts'
import { keepManifest, noCache, readKeptManifest, type DataCache } from './cache.ts'
import type { ImageSet, LoadProgress } from './images.ts'
import type { Manifest, ShardEntry } from './manifest.ts'
import { RECORD_BYTES, splitRecords, type Split } from './official.ts'
import { emptyImages, findWrongLabel, firstImages, putRecords } from './records.ts'
import type { ShardSource } from './source.ts'
import { unpackExactly } from './unpack.ts'

export interface LoadOptions {
  /** Told after every shard. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Aborting it ends loading with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Where shards are kept for the next visit; nowhere if not given. */
  readonly cache?: DataCache | undefined
  /** Images of the same split that are in memory already: the first ones, in the official order. */
  readonly have?: ImageSet | undefined
}

/** Shards fetched and unpacked at the same time. */
const LANES = 4

/**
 * Loads the first `count` training images, in the official order; only the shards that hold them are fetched.
 * @param count 1 to 50,000
 * @throws PeekabooError `data-missing` when nothing is served, `data-damaged` when a sum stays wrong.
 */
export function loadTrainingImages(
  source: ShardSource,
  count: number,
  options: LoadOptions = {},
): Promise<ImageSet> {
  return loadImages('train', source, count, options)
}

/** Loads the first `count` test images, as `loadTrainingImages` does the training images. */
export function loadTestImages(
  source: ShardSource,
  count: number = splitRecords.test,
  options: LoadOptions = {},
): Promise<ImageSet> {
  return loadImages('test', source, count, options)
}

async function loadImages(
  split: Split,
  source: ShardSource,
  count: number,
  options: LoadOptions,
): Promise<ImageSet> {
  if (!Number.isInteger(count) || count < 1 || count > splitRecords[split])
    throw new RangeError(`There are no ${count} ${split} images.`)
  const { have, cache = noCache, signal } = options
  if (have !== undefined && have.count >= count) return firstImages(have, count)
  const load = (manifest: Manifest) => loadShards(manifest.shards[split], source, count, options)

  const kept = await readKeptManifest(cache)
  if (kept !== null) {
    try {
      return await load(kept)
    } catch (error) {
      if (!(error instanceof PeekabooError)) throw error
      // The server may have other shards than at the last visit: look once, and go on if that is so.
      const present = await source.manifest({ signal })
      if (JSON.stringify(present) === JSON.stringify(kept)) throw error
      await keepManifest(cache, present, kept)
      return await load(present)
    }
  }
  const manifest = await source.manifest({ signal })
  await keepManifest(cache, manifest, null)
  return load(manifest)
}

async function loadShards(
  entries: readonly ShardEntry[],
  source: ShardSource,
  count: number,
  { onProgress, signal, cache = noCache, have }: LoadOptions,
): Promise<ImageSet> {
  const wanted = neededShards(entries, have?.count ?? 0, count)
  const images = emptyImages(count)
  if (have !== undefined) {
    images.pixels.set(have.pixels)
    images.labels.set(have.labels)
  }
  const progress = {
    images: wanted[0]?.first ?? count,
    ofImages: count,
    bytes: 0,
    ofBytes: wanted.reduce((all, { entry }) => all + entry.bytes, 0),
    cached: true,
  }
  onProgress?.({ ...progress })
  // One shard that fails stops the others.
  const failure = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
  const queue = wanted.values()
  const lane = async () => {
    for (const { entry, first } of queue) {
      stop.throwIfAborted()
      const { packed, cached } = await obtainShard(entry, source, cache, stop)
      putRecords(await unpackShard(entry, packed), images, first)
      progress.images += Math.min(entry.records, count - first)
      progress.bytes += entry.bytes
      progress.cached &&= cached
      stop.throwIfAborted()
      onProgress?.({ ...progress })
    }
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane))
  } catch (error) {
    failure.abort(error)
    throw error
  }
  return images
}

/** The shards that hold images from `from` up to `to`, with the index of each one's first image. */
function neededShards(entries: readonly ShardEntry[], from: number, to: number) {
  let next = 0
  return entries
    .map((entry) => {
      const first = next
      next += entry.records
      return { entry, first }
    })
    .filter(({ entry, first }) => first < to && first + entry.records > from)
}

/** The packed bytes of a shard, with the right sum: kept ones, or fetched ones, at the second try past all caches. */
async function obtainShard(
  entry: ShardEntry,
  source: ShardSource,
  cache: DataCache,
  signal: AbortSignal,
): Promise<{ packed: Uint8Array<ArrayBuffer>; cached: boolean }> {
  const kept = await cache.read(entry.sha256)
  if (kept !== null) {
    if ((await sha256(kept)) === entry.sha256) return { packed: kept, cached: true }
    await cache.drop(entry.sha256)
  }
  let found = ''
  for (const fresh of [false, true]) {
    const packed = await source.shard(entry.file, { signal, fresh })
    found = await sha256(packed)
    if (found === entry.sha256) {
      await cache.write(entry.sha256, packed)
      return { packed, cached: false }
    }
  }
  throw damaged(entry, `SHA-256 ${found}, expected ${entry.sha256}`)
}

async function unpackShard(entry: ShardEntry, packed: Uint8Array<ArrayBuffer>) {
  const size = entry.records * RECORD_BYTES
  const records = await unpackExactly(packed, size)
  if (records === null) throw damaged(entry, `does not unpack to ${size} bytes`)
  const wrong = findWrongLabel(records)
  if (wrong !== null) throw damaged(entry, `record ${wrong.record} has label ${wrong.label}`)
  return records
}

function damaged(entry: ShardEntry, detail: string): PeekabooError {
  return new PeekabooError({
    code: 'data-damaged',
    what: `A part of the CIFAR-10 images (${entry.file}) is damaged, also after it was fetched again.`,
    kept: 'Images that are already loaded are kept, and so is the present run.',
    todo: 'Run `npm run data -- --verify` where the page is served and try again, or drop the official cifar-10-binary.tar.gz on the page.',
    detail: `${entry.file}: ${detail}`,
  })
}
