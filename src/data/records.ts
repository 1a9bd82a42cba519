import { IMAGE_BYTES, type ImageSet } from './images.ts'
import { CLASS_COUNT, RECORD_BYTES } from './official.ts'

/** An image set with room for `count` images, all black and of class 0. */
export function emptyImages(count: number): ImageSet {
  return {
    count,
    pixels: new Uint8Array(count * IMAGE_BYTES),
    labels: new Uint8Array(count),
  }
}

/** The first `count` images of a set, sharing its memory. */
export function firstImages(images: ImageSet, count: number): ImageSet {
  return {
    count,
    pixels: images.pixels.subarray(0, count * IMAGE_BYTES),
    labels: images.labels.subarray(0, count),
  }
}

/**
 * Copies official records into an image set; those beyond its end are left out.
 * @param first index of the first record's image in the set
 */
export function putRecords(records: Uint8Array, images: ImageSet, first: number): void {
  const count = Math.min(records.length / RECORD_BYTES, images.count - first)
  for (let record = 0; record < count; record++) {
    const at = record * RECORD_BYTES
    images.labels[first + record] = records[at]!
    images.pixels.set(records.subarray(at + 1, at + RECORD_BYTES), (first + record) * IMAGE_BYTES)
  }
}

/** The first record whose label is not one of the ten classes, or null. */
export function findWrongLabel(records: Uint8Array): { record: number; label: number } | null {
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    const label = records[at]!
    if (label >= CLASS_COUNT) return { record: at / RECORD_BYTES, label }
  }
  return null
}
