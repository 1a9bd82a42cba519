import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { SHARD_RECORDS, type ShardEntry } from '../../src/data/manifest.ts'
import { BATCH_RECORDS, officialBatches, RECORD_BYTES } from '../../src/data/official.ts'
import type { Batch } from './batches.ts'

const pack = promisify(gzip)

/** Where gzip's header names the operating system, and its value for "unknown". */
const GZIP_SYSTEM_BYTE = 9
const GZIP_SYSTEM_UNKNOWN = 255

/**
 * Cuts a batch into shards, packs them and writes them to `folder`.
 * @returns the entries of the manifest, in order
 */
export function writeShards(folder: string, { official, bytes }: Batch): Promise<ShardEntry[]> {
  const batches = officialBatches.filter((batch) => batch.split === official.split)
  const firstShard = batches.indexOf(official) * (BATCH_RECORDS / SHARD_RECORDS)
  const shards = Array.from({ length: BATCH_RECORDS / SHARD_RECORDS }, (_, at) =>
    bytes.subarray(at * SHARD_RECORDS * RECORD_BYTES, (at + 1) * SHARD_RECORDS * RECORD_BYTES),
  )
  return Promise.all(
    shards.map(async (records, at) => {
      const packed = await packDeterministically(records)
      // Not ".gz": some servers would announce such a file as gzip-encoded, and the browser would unpack it unasked.
      const file = `${official.split}-${String(firstShard + at).padStart(2, '0')}.shard`
      await writeFile(join(folder, file), packed)
      return {
        file,
        records: SHARD_RECORDS,
        bytes: packed.length,
        sha256: sha256(packed),
        recordsSha256: sha256(records),
      }
    }),
  )
}

/** Gzip without a time stamp (zlib writes none) and without the name of the operating system. */
async function packDeterministically(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await pack(bytes, { level: 6 })
  packed[GZIP_SYSTEM_BYTE] = GZIP_SYSTEM_UNKNOWN
  return packed
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
