import { gzipSync } from 'fflate'
import { PeekabooError, type Fault } from '../../errors.ts'
import { sha256 } from '../bytes.ts'
import { classNames } from '../classes.ts'
import { MANIFEST_FORMAT, SHARD_RECORDS, type Manifest, type ShardEntry } from '../manifest.ts'
import { officialBatches, RECORD_BYTES, splitRecords, type Split } from '../official.ts'
import type { ReadOptions, ShardSource } from '../source.ts'

/** Made-up records and a made-up data set for tests. */

/** Whether two long arrays are equal; a deep comparison would take seconds. */
export const sameBytes = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

/** Records with valid labels, every image different; another salt gives other images. */
export function syntheticRecords(count: number, salt = 0): Uint8Array<ArrayBuffer> {
  const records = new Uint8Array(count * RECORD_BYTES)
  for (let record = 0; record < count; record++) {
    const at = record * RECORD_BYTES
    records.fill((record * 7 + salt) & 255, at, at + RECORD_BYTES)
    records[at] = (record + salt) % 10
    records[at + 1] = record & 255
    records[at + 2] = record >> 8
    records[at + RECORD_BYTES - 1] = salt
  }
  return records
}

/** A valid manifest of whole size, of which only the first few training and test shards really exist. */
export async function syntheticData(real = 3, salt = 0) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const records: Record<Split, Uint8Array[]> = { train: [], test: [] }
  const shardOf = async (split: Split, at: number): Promise<ShardEntry> => {
    const file = `${split}-${String(at).padStart(2, '0')}.shard`
    const unpacked = syntheticRecords(at < real ? SHARD_RECORDS : 0, at + salt)
    const packed = gzipSync(unpacked, { level: 1, mtime: 0 })
    if (at < real) {
      files.set(file, packed)
      records[split].push(unpacked)
    }
    return {
      file,
      records: SHARD_RECORDS,
      bytes: packed.length,
      sha256: await sha256(packed),
      recordsSha256: await sha256(unpacked),
    }
  }
  const shardsOf = (split: Split) =>
    Promise.all(
      Array.from({ length: splitRecords[split] / SHARD_RECORDS }, (_, at) => shardOf(split, at)),
    )
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    classes: classNames,
    counts: splitRecords,
    shards: { train: await shardsOf('train'), test: await shardsOf('test') },
    batches: officialBatches.map(({ file, sha256 }) => ({ file, sha256 })),
  }
  return { manifest, files, records }
}

/** A source over files in memory that notes what it was asked for. */
export class MemorySource implements ShardSource {
  readonly asked: string[] = []
  readonly #manifest: Manifest
  readonly #files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>

  constructor(manifest: Manifest, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    this.#manifest = manifest
    this.#files = files
  }

  manifest(): Promise<Manifest> {
    this.asked.push('manifest')
    return Promise.resolve(this.#manifest)
  }

  shard(file: string, { fresh = false }: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.asked.push(fresh ? `${file} fresh` : file)
    const bytes = this.#files.get(file)
    return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`no file ${file}`))
  }
}

/** The fault with which a promise is rejected; fails when it is not. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const outcome: unknown = await promise.then(
    () => 'no error at all',
    (error: unknown) => error,
  )
  if (outcome instanceof PeekabooError) return outcome.fault
  throw new Error(`expected a PeekabooError, got ${String(outcome)}`)
}
