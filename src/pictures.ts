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
  /** Masked patches and all patches of a row, for the caption; or blocks, where the network has no patches. */
  readonly masked: readonly {
    readonly count: number
    readonly of: number
    readonly unit?: 'block'
  }[]
  /** What happens to the patches that are counted so; "masked" when absent. */
  readonly maskedWord?: string
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

/**
 * Which tokens of an image see which in one kind of attention. The kernels are given just this: a token i sees a token j when
 * keys[j] < queries[i] (`strict`) or keys[j] ≤ queries[i], as long as keys[j] ≥ `from`; and, with `itself`, when i = j.
 */
export interface RankRule {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Ranks of the tokens that look, [cells]. */
  readonly queries: Uint16Array
  /** Ranks of the tokens that are looked at, [cells]. */
  readonly keys: Uint16Array
  readonly strict: boolean
  readonly from: number
  readonly itself: boolean
}

/** What comes of replacing pixels by noise and looking which predictions move. */
export interface CausalityCheck {
  /** In each trial, all pixels of this rank and of later ones were replaced; in rising order. */
  readonly disturbedFrom: Uint16Array
  /** Largest change of any number of each cell's prediction, [trial, cell]; 0 for cells that are not predicted. */
  readonly moved: Float32Array
  /** Changes up to this are those of rounding. */
  readonly tolerance: number
}

/** How far the tokens of a scheme lie from what they are predicted from: means over many images, which count alike. */
export interface ContextDistances {
  readonly draws: number
  /** Share of an image's predicted tokens whose nearest visible token is at least `at[i]` away and nearer than `at[i + 1]`. */
  readonly shares: readonly number[]
  /** Distances in tokens, rising by half a token. */
  readonly at: readonly number[]
  /** Mean distance to the nearest visible token, in tokens. */
  readonly mean: number
  /** The largest of an image. */
  readonly largest: number
  /** Share of the tokens that are visible to a predicted one. */
  readonly visible: number
}

/** One image as it is predicted piece by piece. A cell is a patch; its rank says in which piece it comes, from 0. */
export interface OrderPicture {
  readonly kind: 'order'
  /** Data-set index of the image. */
  readonly sample: number
  /** Patches a row and a column of the image. */
  readonly grid: number
  /** Number of pieces: ranks go from 0 to one less. */
  readonly segments: number
  /** Rank of every cell, [grid²]. */
  readonly ranks: Uint16Array
  /** Place in the order of the larger part that a cell's piece belongs to, [grid²]; absent without a hierarchy. */
  readonly partitions?: Uint16Array
  /** The image itself: RGBA bytes [size, size, 4]. */
  readonly image: Uint8ClampedArray
  readonly size: number
  /** Every cell as predicted from the true pixels of earlier ranks; cells of rank 0 have alpha 0. RGBA bytes. */
  readonly predicted: Uint8ClampedArray
  /** Loss of every cell of it; NaN for rank 0. */
  readonly losses: Float32Array
  /** The same where earlier predictions take the place of the true pixels; null where it was not wished for. */
  readonly rolledOut: { readonly pixels: Uint8ClampedArray; readonly losses: Float32Array } | null
  /** Why there is no roll-out although it was wished for, in a sentence or two; absent where there is one. */
  readonly withheld?: string
  /** How numbers became colours, where a prediction alone does not tell; null where it does. */
  readonly note: string | null
  readonly rules: readonly RankRule[]
  readonly distances: ContextDistances
  /** Null where it was not wished for. */
  readonly causality: CausalityCheck | null
}

/**
 * What is wanted of an `OrderPicture` besides what it always has; each takes as many passes as there are pieces, and again
 * whenever the picture is drawn: wishes that are fulfilled should not stay in a request that goes on while training.
 */
export interface OrderWish {
  readonly rollOut: boolean
  readonly causality: boolean
}

/**
 * One image as a network gets it that is told where its patches lie, and not always truly: which patches it is shown, which
 * place each of them claims, and how likely the network holds each claim to be wrong.
 */
export interface PlacesPicture {
  readonly kind: 'places'
  /** Data-set index of the image. */
  readonly sample: number
  /** Patches a row and a column of the image. */
  readonly grid: number
  /** The image itself: RGBA bytes [size, size, 4]. */
  readonly image: Uint8ClampedArray
  readonly size: number
  /** Cells whose patches are shown, in the order of the tokens, [tokens]; all different. */
  readonly real: Uint16Array
  /** The cell that each of them claims as its place, [tokens]: another one is a wrong claim. */
  readonly claimed: Uint16Array
  /** Probability that the claim is wrong, as the network sees it, [tokens]. */
  readonly probabilities: Float32Array
  /** Whether the tokens are as the method draws them for this image, or as someone has arranged them. */
  readonly drawn: boolean
  /** One patch tried in every place; null where it was not wished for. */
  readonly sweep: PlaceSweep | null
}

/** What the network holds of one patch when it claims every cell in turn, all other claims as they are. */
export interface PlaceSweep {
  /** The patch's true cell. */
  readonly cell: number
  /** Probability that its claim is wrong, by the claimed cell, [grid²]. */
  readonly own: Float32Array
  /** Mean probability of the other tokens, by the claimed cell, [grid²]. */
  readonly others: Float32Array
}

/** What is wanted of a `PlacesPicture`. */
export interface PlacesWish {
  readonly sample: number
  /** Tokens of one's own: true cells and the cells that they claim; null: as the method draws them. */
  readonly tokens: { readonly real: readonly number[]; readonly claimed: readonly number[] } | null
  /** True cell of the patch that is tried in every place; null, or a cell that is not shown: none. */
  readonly sweep: number | null
}

/** How like two views of some images are, each with each: what a contrastive loss pulls to the diagonal. */
export interface SimilarityPicture {
  readonly kind: 'similarity'
  /** Data-set indices of the images, one a row and a column. */
  readonly samples: readonly number[]
  /** What rows and columns are: "Queries of view 1", "Keys of view 2". */
  readonly rows: string
  readonly columns: string
  /** Cosines [row, column]. */
  readonly cosines: Float32Array
  /** Divides the cosines before the softmax of the loss. */
  readonly temperature: number
  /** The views themselves: RGBA bytes [2, image, size, size, 4], those of the rows first. */
  readonly views: Uint8ClampedArray
  readonly size: number
}

/** A number for every frequency of every sample image. */
export interface SpectrumMap {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Whether differences show on a logarithmic scale (amplitudes) or on a linear one (shares from 0 to 1). */
  readonly scale: 'log' | 'linear'
  /** [sample, row, column], the constant part in the middle (at size / 2): means over the colours, the largest where `help` says so. */
  readonly values: Float32Array
}

/** A number for every distance from the middle of the spectrum. */
export interface RadialCurve {
  readonly id: string
  readonly label: string
  readonly help: string
  /** [sample, ring]: means over the ring and the colour channels. */
  readonly values: Float32Array
  /** Id of the curve with which it is compared, in the same unit; absent where it stands for itself. */
  readonly beside?: string
}

/** How the feature map of a layer spreads over frequencies, on unmasked images: means over samples and channels. */
export interface LayerSpectrum {
  readonly id: string
  readonly label: string
  /** Cells a row and a column. */
  readonly grid: number
  /** log amplitude along the diagonal, from the constant part (0 there) to the highest frequency. */
  readonly amplitudes: Float32Array
  /** Variance of a channel over the cells, unbiased. */
  readonly variance: number
}

/** What a Fourier loss sees of some images, and which frequencies the layers of the network let through. */
export interface SpectrumPicture {
  readonly kind: 'spectrum'
  /** Data-set indices of the images. */
  readonly samples: readonly number[]
  /** Side of an image, and of its spectrum. */
  readonly size: number
  /** The images: RGBA bytes [sample, size, size, 4]; and what stands in their place in the loss. */
  readonly originals: Uint8ClampedArray
  readonly predictions: Uint8ClampedArray
  readonly maps: readonly SpectrumMap[]
  readonly radial: {
    /** Radius of the middle of every ring, in cycles an image. */
    readonly at: readonly number[]
    readonly curves: readonly RadialCurve[]
  }
  /** In the order in which the network has them. */
  readonly layers: readonly LayerSpectrum[]
}

/** What one stage of a network makes of an image. */
export interface StageActivation {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Cells a row and a column. */
  readonly grid: number
  readonly channels: number
  /** Mean over the channels, [grid²]. */
  readonly mean: Float32Array
  /** Where the stage speaks for what is looked at: see `ActivationsPicture.target`; [grid²], none below 0. */
  readonly weighted: Float32Array
}

/** What the stages of a network make of one image: in place of attention where there is none, or beside it. */
export interface ActivationsPicture {
  readonly kind: 'activations'
  /** Data-set index of the image. */
  readonly sample: number
  /** The image itself, and as the network is given it: RGBA bytes [size, size, 4]. */
  readonly image: Uint8ClampedArray
  readonly input: Uint8ClampedArray
  readonly size: number
  /** Cells a row and a column of which one can be looked at. */
  readonly grid: number
  /** 1 for every cell that is hidden from the network, [grid²]. */
  readonly hidden: Uint8Array
  /** The cell that is looked at; null for all hidden ones. */
  readonly cell: number | null
  /** What the gradients are of, in a sentence. */
  readonly target: string
  /** In the order in which the network has them. */
  readonly stages: readonly StageActivation[]
  /** Length of the features of every cell before and after the mask token entered, [grid²] of its stage; null without one. */
  readonly token: {
    readonly label: string
    readonly grid: number
    readonly before: Float32Array
    readonly after: Float32Array
  } | null
}

/** What is wanted of an `ActivationsPicture`. */
export interface ActivationsWish {
  readonly sample: number
  /** A cell of its `grid`; null: all hidden ones. One that is not hidden is looked at all the same. */
  readonly cell: number | null
}

/** What comes of changing hidden pixels alone, all colours' means as they were: nothing may reach the network. */
export interface LeakPicture {
  readonly kind: 'leak'
  /** Data-set indices of the images. */
  readonly samples: readonly number[]
  /** Cells a row and a column of the encoder's output. */
  readonly grid: number
  /** Largest change of any number of a cell's features, as a share of their largest, [sample, grid²]. */
  readonly moved: Float32Array
  /** The largest of them. */
  readonly largest: number
  /** Changes up to this are those of rounding. */
  readonly tolerance: number
  /** How the hidden pixels were filled, in words: it is true of these settings alone. */
  readonly filled: string
}

export type Picture =
  | Strips
  | AttentionPicture
  | TokensPicture
  | OrderPicture
  | PlacesPicture
  | SimilarityPicture
  | SpectrumPicture
  | ActivationsPicture
  | LeakPicture

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
  /** The sample whose order is shown, and what of it; null or absent when no one looks at it. */
  readonly order?: (OrderWish & { readonly sample: number }) | null
  /**
   * The image whose patches' places are shown, and how; null or absent when no one looks at them. While it is there, no strips
   * are drawn but those of the preview.
   */
  readonly places?: PlacesWish | null
  /** Images whose views are compared, each with each; null or absent when no one looks at that. Strips as with `places`. */
  readonly similarity?: readonly number[] | null
  /** Images whose spectra are shown; null or absent when no one looks at them. Strips as with `places`. */
  readonly spectrum?: readonly number[] | null
  /** The image whose activations are shown, and how; null or absent when no one looks at them. Strips as with `places`. */
  readonly activations?: ActivationsWish | null
  /** Images with which leaks are looked for: once, beside the strips; a wish that is fulfilled should not stay. */
  readonly leak?: readonly number[] | null
}
