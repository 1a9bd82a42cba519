import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parseManifest, SHARD_RECORDS } from '../../src/data/manifest.ts'
import { BATCH_RECORDS } from '../../src/data/official.ts'

const folder = new URL('../../public/data/', import.meta.url)

/** The first official batch file, put together again from the served shards. */
export function firstBatchFile(): Buffer {
  const { shards } = parseManifest(readFileSync(new URL('manifest.json', folder), 'utf8'))
  const parts = shards.train.slice(0, BATCH_RECORDS / SHARD_RECORDS)
  return Buffer.concat(parts.map(({ file }) => gunzipSync(readFileSync(new URL(file, folder)))))
}
