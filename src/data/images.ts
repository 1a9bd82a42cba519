/** CIFAR images on the host: `count` records of 3072 bytes planar RGB, with their labels. */
export interface ImageSet {
  readonly count: number
  /** [count, 3, 32, 32], one byte a value. */
  readonly pixels: Uint8Array
  /** [count], 0 to 9. Never given to a pretraining loss. */
  readonly labels: Uint8Array
}

/** Side of a CIFAR image in pixels. */
export const IMAGE_SIZE = 32
/** Bytes of one image. */
export const IMAGE_BYTES = 3 * IMAGE_SIZE * IMAGE_SIZE

/** How far loading has come. */
export interface LoadProgress {
  readonly images: number
  readonly ofImages: number
  /** Bytes fetched (compressed) so far and in all. */
  readonly bytes: number
  readonly ofBytes: number
  /** True when everything so far came from the browser's cache. */
  readonly cached: boolean
}
