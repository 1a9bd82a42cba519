/**
 * What methods show and the page draws: plain pixels and numbers, no tensors. Methods fill these, the worker passes
 * them on, the page draws any of them without knowing the method.
 */

/** One column of an image table: what every cell in it shows. */
export interface StripColumn {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Only a network draws it: a preview lacks it. Such columns come after those that a preview has. */
  readonly needsNetwork?: true
}

/**
 * A table of small pictures, one row a sample image. A method sends the columns that need no network (masks) at once, as
 * a preview, and the whole table later: between the two the page keeps the other columns as they were, and the scores
 * of cells that have not changed.
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
  /** A number from −1 to 1 for every cell [row][column], null where it has none; absent when no cell has one. */
  readonly scores?: {
    /** What the number says: "Cosine with the target". */
    readonly label: string
    readonly values: readonly (readonly (number | null)[])[]
  }
}

/**
 * Attention of one kind in every layer and head: of the trunk's tokens to each other, or of the class token to the patches.
 */
export interface AttentionPart {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly layers: number
  readonly heads: number
  /** Who looks: the class token alone, the patches alone, or the class token and then the patches. */
  readonly queries: 'class' | 'patches' | 'all'
  /** Whether key 0 is a class token, before the patches. */
  readonly classKey: boolean
  /** Probabilities [layer, head, query, key]; patches that the network was not shown have 0. */
  readonly weights: Float32Array
  /** 1 for every patch that the network was shown, [grid²]; absent when it saw all. */
  readonly visible?: Uint8Array
}

/** What the tokens of one image look at, in one or several kinds of attention. */
export interface AttentionPicture {
  readonly kind: 'attention'
  /** Data-set index of the image. */
  readonly sample: number
  /** Patches a row and a column of the image. */
  readonly grid: number
  /** The image itself: RGBA bytes [size, size, 4]. */
  readonly image: Uint8ClampedArray
  readonly size: number
  /** At least one; the first is shown first. */
  readonly parts: readonly AttentionPart[]
}

/** The patch tokens of the sample images, for looking at them one by one. */
export interface TokensPicture {
  readonly kind: 'tokens'
  /** Data-set indices of the images. */
  readonly samples: readonly number[]
  /** Patches a row and a column of an image. */
  readonly grid: number
  /** Channels of a token. */
  readonly width: number
  /** Unit vectors [image, patch, width]: their products are cosines. */
  readonly tokens: Float32Array
  /** The first three principal components of all tokens as colours, RGB bytes [image, patch, 3]. */
  readonly colours: Uint8ClampedArray
  /** Share of the variance that each of the three explains, 0 to 1. */
  readonly explained: readonly [number, number, number]
  /** The images themselves: RGBA bytes [image, size, size, 4]. */
  readonly images: Uint8ClampedArray
  readonly size: number
}

export type Picture = Strips | AttentionPicture | TokensPicture

/** What the page wants to see. */
export interface PictureRequest {
  /** Data-set indices of the sample images. */
  readonly samples: readonly number[]
  /** Changing it draws other masks for the samples; the same number draws the same masks again. */
  readonly maskSeed: number
  /** The sample whose attention is shown; null when no one looks at attention. */
  readonly attentionSample: number | null
  /** Someone looks at the patch tokens. */
  readonly tokens: boolean
}
