import { classNames } from './classes.ts'
import { PeekabooError } from '../errors.ts'
import { officialBatches, RECORD_BYTES, splitRecords, type Split } from './official.ts'

/** Version of the manifest and the shard layout; raised when either changes. */
export const MANIFEST_FORMAT = 1
/** Name of the manifest, beside the shards. */
export const MANIFEST_FILE = 'manifest.json'
/** Records in one shard. */
export const SHARD_RECORDS = 1000

/** One shard: some official records in a row, packed with gzip. */
export interface ShardEntry {
  /** File name beside the manifest. */
  readonly file: string
  readonly records: number
  /** Bytes of the packed file. */
  readonly bytes: number
  /** SHA-256 of the packed file. */
  readonly sha256: string
  /** SHA-256 of the unpacked records. */
  readonly recordsSha256: string
}

/** What the prepared data set holds. Shards stand in the order of their records. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT
  readonly classes: readonly string[]
  /** Images of each split. */
  readonly counts: Readonly<Record<Split, number>>
  readonly shards: Readonly<Record<Split, readonly ShardEntry[]>>
  /** The official batch files that the shards reproduce. */
  readonly batches: readonly { readonly file: string; readonly sha256: string }[]
}

/**
 * Reads a manifest from JSON text and checks every field, so that nothing later trusts a file from outside.
 * @throws PeekabooError `data-damaged` naming the first thing that is wrong.
 */
export function parseManifest(json: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw damaged('it is not JSON')
  }
  const root = record(value, 'the manifest')
  if (root.format !== MANIFEST_FORMAT)
    throw damaged(
      `its format is ${JSON.stringify(root.format)}, this version reads ${MANIFEST_FORMAT}`,
    )
  const classes = list(root.classes, 'classes')
  if (!sameItems(classes, classNames)) throw damaged('its classes are not those of CIFAR-10')
  const batches = list(root.batches, 'batches').map((item, at) => {
    const batch = record(item, `batches[${at}]`)
    return {
      file: text(batch.file, `batches[${at}].file`),
      sha256: sum(batch.sha256, `batches[${at}].sha256`),
    }
  })
  if (
    !sameItems(
      batches.map((batch) => batch.sha256),
      officialBatches.map((batch) => batch.sha256),
    )
  )
    throw damaged('its batches are not the official ones')
  const shards = record(root.shards, 'shards')
  return {
    format: MANIFEST_FORMAT,
    classes: [...classNames],
    counts: parseCounts(root.counts),
    shards: {
      train: parseShards(shards.train, 'train'),
      test: parseShards(shards.test, 'test'),
    },
    batches,
  }
}

function parseCounts(value: unknown): Readonly<Record<Split, number>> {
  const counts = record(value, 'counts')
  for (const split of ['train', 'test'] as const)
    if (counts[split] !== splitRecords[split])
      throw damaged(`counts.${split} is not ${splitRecords[split]}`)
  return { ...splitRecords }
}

function parseShards(value: unknown, split: Split): readonly ShardEntry[] {
  const files = new Set<string>()
  const shards = list(value, `shards.${split}`).map((item, at): ShardEntry => {
    const name = `shards.${split}[${at}]`
    const shard = record(item, name)
    const entry = {
      file: text(shard.file, `${name}.file`),
      records: whole(shard.records, `${name}.records`),
      bytes: whole(shard.bytes, `${name}.bytes`),
      sha256: sum(shard.sha256, `${name}.sha256`),
      recordsSha256: sum(shard.recordsSha256, `${name}.recordsSha256`),
    }
    // A plain name: a path would let a manifest point outside its own folder.
    if (!/^[\w-]+\.[\w-]+$/.test(entry.file)) throw damaged(`${name}.file is not a plain file name`)
    if (files.has(entry.file)) throw damaged(`${name}.file is there twice`)
    // Gzip adds at most a few bytes to data that it cannot shrink; a larger file is no shard.
    if (entry.bytes > entry.records * RECORD_BYTES + 4096)
      throw damaged(`${name}.bytes is too large`)
    files.add(entry.file)
    return entry
  })
  const records = shards.reduce((all, shard) => all + shard.records, 0)
  if (records !== splitRecords[split])
    throw damaged(`shards.${split} hold ${records} records, not ${splitRecords[split]}`)
  return shards
}

function record(value: unknown, name: string): Partial<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(`${name} is not an object`)
  return value
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged(`${name} is not a list`)
  return value
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw damaged(`${name} is not a text`)
  return value
}

function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw damaged(`${name} is not a positive whole number`)
  return value
}

function sum(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value))
    throw damaged(`${name} is not a SHA-256 sum`)
  return value
}

function sameItems(items: readonly unknown[], expected: readonly unknown[]): boolean {
  return items.length === expected.length && items.every((item, at) => item === expected[at])
}

function damaged(why: string): PeekabooError {
  return new PeekabooError({
    code: 'data-damaged',
    what: `The list of the CIFAR-10 shards (${MANIFEST_FILE}) cannot be used: ${why}.`,
    kept: 'Images that are already loaded are kept.',
    todo: 'Run `npm run data` where the page is served, or drop the official cifar-10-binary.tar.gz here.',
  })
}
