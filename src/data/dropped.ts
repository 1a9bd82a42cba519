import { PeekabooError } from '../errors.ts'
import {
  BatchCollector,
  EXPECTED_FILES,
  rejected,
  type DropOptions,
  type DroppedImages,
} from './batchCollector.ts'
import { BATCH_BYTES, splitRecords } from './official.ts'
import { TarError, tarEntries } from './tar.ts'
import { atMost, chunksOf, DamageError, gunzip, OversizeError } from './unpack.ts'

/** The official archive has 170 MB, the unpacked one 184 MB; anything beyond this is not looked at. */
const MOST_FILE_BYTES = 400e6
/** What an archive may unpack to: the six batch files, two small texts and the headers. */
const MOST_ARCHIVE_BYTES = 6 * BATCH_BYTES + 2 ** 20

/**
 * Reads images from files that a person dropped on the page: the official archive (packed or unpacked) or batch files.
 * Every batch is recognised by its official sum, so its name does not matter. Files stay where they are and nothing
 * else is touched.
 * @param count training images wanted, 0 to 50,000: the first ones, in the official order; test images are taken where
 * there are any, and must be there where 0 training images are wanted
 * @throws PeekabooError `file-rejected`, saying what was expected and what was found.
 */
export async function readDroppedFiles(
  files: readonly File[],
  count: number,
  options: DropOptions = {},
): Promise<DroppedImages> {
  if (!Number.isInteger(count) || count < 0 || count > splitRecords.train)
    throw new RangeError(`There are no ${count} training images.`)
  for (const file of files) checkSize(file)
  const collector = new BatchCollector(count, files, options)
  for (const file of files) {
    try {
      await readFile(file, collector)
    } catch (error) {
      options.signal?.throwIfAborted()
      throw error instanceof PeekabooError ? error : unreadable(file, error)
    }
  }
  return collector.result()
}

function checkSize(file: File): void {
  if (file.size === 0) throw rejected(file.name, EXPECTED_FILES, 'an empty file or a folder')
  if (file.size > MOST_FILE_BYTES)
    throw rejected(
      file.name,
      EXPECTED_FILES,
      `a file of ${megabytes(file.size)}, which is too large`,
    )
}

/** Looks at what a file is by its first bytes and its length, not by its name. */
async function readFile(file: File, collector: BatchCollector): Promise<void> {
  const head = new Uint8Array(await file.slice(0, 512).arrayBuffer())
  if (head[0] === 0x1f && head[1] === 0x8b) {
    await readArchive(file.name, gunzip(collector.watch(file.stream())), collector)
  } else if (isTar(file.name, head)) {
    await readArchive(file.name, chunksOf(collector.watch(file.stream())), collector)
  } else if (file.size === BATCH_BYTES) {
    const bytes = await new Response(collector.watch(file.stream())).arrayBuffer()
    await collector.take(file.name, file.name, new Uint8Array(bytes))
  } else {
    const is100 = file.size === CIFAR_100_TRAIN_BYTES || file.size === CIFAR_100_TEST_BYTES
    throw rejected(
      file.name,
      `${EXPECTED_FILES}, ${BATCH_BYTES} bytes each`,
      `a file of ${file.size} bytes${is100 ? ', which CIFAR-100 has' : ''}`,
    )
  }
}

/** The oldest kind of archive has no mark, so that only the name tells. */
function isTar(name: string, head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(257, 262)) === 'ustar' || name.endsWith('.tar')
}

/** Lengths of the two files of CIFAR-100, whose records have two labels. */
const CIFAR_100_TRAIN_BYTES = 50_000 * 3074
const CIFAR_100_TEST_BYTES = 10_000 * 3074

async function readArchive(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  collector: BatchCollector,
): Promise<void> {
  const seen: string[] = []
  for await (const entry of tarEntries(atMost(chunks, MOST_ARCHIVE_BYTES))) {
    const member = entry.name.split('/').pop() ?? ''
    if (!entry.isFile) continue
    seen.push(member)
    if (!collector.knows(member)) continue
    if (entry.size !== BATCH_BYTES)
      throw rejected(name, `${member} of ${BATCH_BYTES} bytes in it`, `one of ${entry.size} bytes`)
    await collector.take(name, member, await entry.read())
    if (collector.isComplete) return
  }
  if (!seen.some((member) => collector.knows(member)))
    throw rejected(
      name,
      EXPECTED_FILES,
      `an archive of ${seen.slice(0, 4).join(', ') || 'nothing'}`,
    )
}

function unreadable(file: File, error: unknown): PeekabooError {
  if (error instanceof OversizeError)
    return rejected(file.name, EXPECTED_FILES, 'an archive that unpacks to far more than CIFAR-10')
  if (error instanceof TarError)
    return rejected(file.name, EXPECTED_FILES, `an archive of which ${error.message}`)
  if (error instanceof DamageError)
    return rejected(file.name, EXPECTED_FILES, 'a packed file that is damaged or ends early')
  const reason = error instanceof Error ? error.message : String(error)
  return rejected(file.name, EXPECTED_FILES, `a file that cannot be read (${reason})`)
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
