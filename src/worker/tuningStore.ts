import type { DataCache } from '../data/cache.ts'
import type { TuningStore } from '../engine/tuning/store.ts'

const KEY = 'tuning'

/** Keeps what tuning found beside the images. */
export const tuningStoreIn = (cache: DataCache): TuningStore => ({
  load: async () => {
    const bytes = await cache.read(KEY)
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as unknown)
  },
  save: (record) => cache.write(KEY, new TextEncoder().encode(JSON.stringify(record))),
})
