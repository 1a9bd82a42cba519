import type { Manifest } from './manifest.ts'
import { parseManifest } from './manifest.ts'

/**
 * Keeps what was loaded, so that the next visit needs no network. It never throws: a storage that fails or is full
 * only costs the keeping. What it gives back is not to be trusted: check it against the sums.
 */
export interface DataCache {
  /** The bytes kept under a key, or null. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | null>
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  drop(key: string): Promise<void>
}

/** Keeps nothing. */
export const noCache: DataCache = {
  read: () => Promise.resolve(null),
  write: () => Promise.resolve(),
  drop: () => Promise.resolve(),
}

const CACHE_NAME = 'peekaboo-cifar-10'
const MANIFEST_KEY = 'manifest'

/** The part of the browser's cache storage that is used. */
export interface CacheStorageLike {
  open(name: string): Promise<{
    match(address: string): Promise<Response | undefined>
    put(address: string, response: Response): Promise<void>
    delete(address: string): Promise<boolean>
  }>
}

/** Keeps in the browser's cache storage; keeps nothing where there is none (plain HTTP, private windows, Node). */
export function browserCache(
  storage: CacheStorageLike | null = 'caches' in globalThis ? globalThis.caches : null,
): DataCache {
  if (storage === null) return noCache
  // Entries are filed under addresses that no server is ever asked for.
  const address = (key: string) => `/${CACHE_NAME}/${key}`
  const open = () => storage.open(CACHE_NAME)
  let writable = true
  return {
    read: (key) =>
      orElse(null, async () => {
        const kept = await (await open()).match(address(key))
        return kept === undefined ? null : new Uint8Array(await kept.arrayBuffer())
      }),
    write: async (key, bytes) => {
      if (!writable) return
      // After one failure (usually: no room) further tries would only cost time.
      writable = await orElse(false, async () => {
        await (await open()).put(address(key), new Response(bytes))
        return true
      })
    },
    drop: (key) =>
      orElse(undefined, async () => {
        await (await open()).delete(address(key))
      }),
  }
}

/** The manifest of an earlier visit, or null when there is none or it makes no sense any more. */
export async function readKeptManifest(cache: DataCache): Promise<Manifest | null> {
  const bytes = await cache.read(MANIFEST_KEY)
  if (bytes === null) return null
  try {
    return parseManifest(new TextDecoder().decode(bytes))
  } catch {
    await cache.drop(MANIFEST_KEY)
    return null
  }
}

/** Keeps a manifest and drops the shards that only the earlier one had. */
export async function keepManifest(
  cache: DataCache,
  manifest: Manifest,
  earlier: Manifest | null,
): Promise<void> {
  const present = new Set(shardKeys(manifest))
  for (const key of earlier ? shardKeys(earlier) : []) if (!present.has(key)) await cache.drop(key)
  await cache.write(MANIFEST_KEY, new TextEncoder().encode(JSON.stringify(manifest)))
}

const shardKeys = ({ shards }: Manifest) =>
  [...shards.train, ...shards.test].map((shard) => shard.sha256)

async function orElse<T>(fallback: T, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch {
    return fallback
  }
}
