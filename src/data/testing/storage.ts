import type { CacheStorageLike, DataCache } from '../cache.ts'

/** A data cache in memory. */
export class MemoryCache implements DataCache {
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>()

  read(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.entries.get(key) ?? null)
  }

  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.entries.set(key, bytes)
    return Promise.resolve()
  }

  drop(key: string): Promise<void> {
    this.entries.delete(key)
    return Promise.resolve()
  }
}

/** The browser's cache storage in memory, with room for some entries. */
export function memoryStorage(room = Infinity) {
  const entries = new Map<string, Response>()
  let tries = 0
  const storage: CacheStorageLike = {
    open: () =>
      Promise.resolve({
        match: (key) => Promise.resolve(entries.get(key)?.clone()),
        put: (key, response) => {
          tries++
          if (entries.size >= room)
            return Promise.reject(new DOMException('full', 'QuotaExceededError'))
          entries.set(key, response)
          return Promise.resolve()
        },
        delete: (key) => Promise.resolve(entries.delete(key)),
      }),
  }
  return { storage, entries, tries: () => tries }
}
