/**
 * What methods show and the page draws: plain pixels and numbers, no tensors. Methods fill these, the worker passes
 * them on, the page draws any of them without knowing the method.
 */

/** One column of an image table: what every cell in it shows. */
export interface StripColumn {
  readonly id: string
  readonly label: string
  readonly help: string
}

/**
 * A table of small pictures, one row a sample image. The page merges a table into the one it shows by column id, so a
 * method may send the columns that need no network (masks) at once and the others later.
 */
export interface Strips {
  readonly kind: 'strips'
  readonly columns: readonly StripColumn[]
  /** Data-set indices of the sample images, one a row. */
  readonly samples: readonly number[]
  /** Side of a picture in pixels. */
  readonly size: number
  /** RGBA bytes [row, column, y, x, 4]. */
  readonly pixels: Uint8ClampedArray
  /** Masked patches and all patches of a row, for the caption. */
  readonly masked: readonly { readonly count: number; readonly of: number }[]
}

/** Self-attention of one image in every layer and head. */
export interface AttentionPicture {
  readonly kind: 'attention'
  /** Data-set index of the image. */
  readonly sample: number
  readonly layers: number
  readonly heads: number
  /** Patches a row and a column of the image. */
  readonly grid: number
  /** Tokens = 1 class token (index 0) + grid². */
  readonly tokens: number
  /** Probabilities [layer, head, query, key]. */
  readonly weights: Float32Array
  /** The image itself: RGBA bytes [size, size, 4]. */
  readonly image: Uint8ClampedArray
  readonly size: number
}

export type Picture = Strips | AttentionPicture

/** What the page wants to see. */
export interface PictureRequest {
  /** Data-set indices of the sample images. */
  readonly samples: readonly number[]
  /** Changing it draws other masks for the samples; the same number draws the same masks again. */
  readonly maskSeed: number
  /** The sample whose attention is shown; null when no one looks at attention. */
  readonly attentionSample: number | null
}
