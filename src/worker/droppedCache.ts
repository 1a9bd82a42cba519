import { sha256 } from '../data/bytes.ts'
import type { DataCache } from '../data/cache.ts'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import type { Split } from '../data/official.ts'
import { firstImages } from '../data/records.ts'

/** The entries: images that came from files of the person. */
const KEYS: Readonly<Record<Split, string>> = { train: 'dropped', test: 'dropped-test' }
/** Length of its sum, in hexadecimal digits. */
const SUM_BYTES = 64

/** Keeps images that came from files, so that a reload needs neither the files nor a server that has images. */
export async function keepDropped(
  cache: DataCache,
  split: Split,
  { count, labels, pixels }: ImageSet,
): Promise<void> {
  const bytes = new Uint8Array(SUM_BYTES + count * (1 + IMAGE_BYTES))
  bytes.set(labels.subarray(0, count), SUM_BYTES)
  bytes.set(pixels.subarray(0, count * IMAGE_BYTES), SUM_BYTES + count)
  bytes.set(new TextEncoder().encode(await sha256(bytes.subarray(SUM_BYTES))))
  await cache.write(KEYS[split], bytes)
}

/** The first `count` of the images that were kept; null when there are not so many, or what was kept is damaged. */
export async function readDropped(
  cache: DataCache,
  split: Split,
  count: number,
): Promise<ImageSet | null> {
  const bytes = await cache.read(KEYS[split])
  if (bytes === null) return null
  const sum = new TextDecoder().decode(bytes.subarray(0, SUM_BYTES))
  const content = bytes.subarray(SUM_BYTES)
  const kept = content.length / (1 + IMAGE_BYTES)
  if (!Number.isInteger(kept) || (await sha256(content)) !== sum) {
    await cache.drop(KEYS[split])
    return null
  }
  if (kept < count) return null
  const labels = content.subarray(0, kept)
  return firstImages({ count: kept, labels, pixels: content.subarray(kept) }, count)
}
