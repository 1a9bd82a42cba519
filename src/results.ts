import type { SettingValues } from './settings/rows.ts'

/**
 * What evaluations find: plain numbers, no tensors. The worker and the command line fill them, checkpoints and
 * `evaluation.json` keep them, the page shows them. Accuracies and shares of images are in percent.
 */

/** An image of the data set by its place in its split. */
export interface ImageAddress {
  readonly split: 'train' | 'test'
  readonly index: number
}

/** What a person can ask for. `representation` is an id of the method's representations. */
export type EvaluationRequest =
  | { readonly kind: 'knn' }
  | { readonly kind: 'linear'; readonly representation: string }
  | { readonly kind: 'finetune'; readonly representation: string }
  | { readonly kind: 'robustness'; readonly representation: string }
  | { readonly kind: 'detection' }
  | { readonly kind: 'shapes'; readonly representation: string }
  | { readonly kind: 'interactions'; readonly representation: string }
  | {
      readonly kind: 'neighbours'
      readonly representation: string
      readonly query: ImageAddress
    }
  | { readonly kind: 'map'; readonly representation: string }
  | {
      readonly kind: 'crops'
      readonly representation: string
      /** What is looked for: the image, or its middle. */
      readonly query: ImageAddress
      /** Share of the query's area that is looked for, as a square in its middle: above 0, up to 1. */
      readonly queryArea: number
      /** The image among whose crops it is looked for. */
      readonly among: ImageAddress
    }

/** The name of an evaluation. */
export type EvaluationKind = EvaluationRequest['kind']

/** How features spread: signs of collapse. */
export interface FeatureHealth {
  /** Mean over the dimensions of the standard deviation of unit-norm features; 1/√dimensions when evenly spread. */
  readonly deviation: number
  readonly dimensions: number
  /** RankMe: the exponential of the entropy of the normalised singular values; 1 to `dimensions`. */
  readonly effectiveRank: number
  /** Mean cosine between different patch tokens of an image; null where the network has no tokens. */
  readonly tokenSimilarity: number | null
}

/** k-NN accuracy of one representation. */
export interface KnnScore {
  readonly representation: string
  readonly accuracy: number
  readonly health: FeatureHealth
}

export interface KnnResult {
  readonly kind: 'knn'
  /** In the order of the method's representations. */
  readonly scores: readonly KnnScore[]
  readonly floors: {
    /** k-NN on normalised pixels with the same images. */
    readonly rawPixels: number
    /** k-NN on the features of the untrained network: of the first representation. */
    readonly randomInit: number
    /** The same of every representation in `scores`, by id. */
    readonly randomInitOf: Readonly<Record<string, number>>
  }
  readonly bank: number
  readonly test: number
  readonly neighbours: number
  readonly temperature: number
}

/** A classifier after an epoch of its training. */
export interface CurvePoint {
  readonly epoch: number
  /** Mean training loss of the epoch. */
  readonly loss: number
  readonly trainAccuracy: number
  readonly testAccuracy: number
}

/** A test image that was classified wrongly. */
export interface Mistake {
  /** Place in the test split. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Probability of the predicted class, 0 to 1. */
  readonly confidence: number
}

/** What a trained classifier does on the test images. */
export interface Classification {
  readonly curve: readonly CurvePoint[]
  readonly trainAccuracy: number
  readonly testAccuracy: number
  /** Test images by [true class][predicted class]. */
  readonly confusion: readonly (readonly number[])[]
  /** The most confident mistakes, most confident first. */
  readonly mistakes: readonly Mistake[]
}

export interface LinearResult extends Classification {
  readonly kind: 'linear'
  readonly representation: string
  readonly trainImages: number
  readonly testImages: number
}

export interface FinetuneResult {
  readonly kind: 'finetune'
  readonly representation: string
  /** Share of the labelled training images that was used, in percent. */
  readonly labels: number
  readonly trainImages: number
  readonly testImages: number
  /** Steps of each of the two trainings. */
  readonly steps: number
  readonly pretrained: Classification
  /** The same network from its initial weights, with the same budget; null when that was not wanted. */
  readonly scratch: Classification | null
}

/** Accuracy under one degree of a disturbance. */
export interface RobustnessPoint {
  /** Percent of the patches removed, or cells a side of a shuffled grid. */
  readonly amount: number
  readonly accuracy: number
}

export interface RobustnessResult {
  readonly kind: 'robustness'
  readonly representation: string
  /** Accuracy of the linear probe on undisturbed images. */
  readonly clean: number
  /** Patch tokens left out; null where the network has none. By percent removed. */
  readonly tokensRemoved: readonly RobustnessPoint[] | null
  /** Patches filled with the mean colour of the data set. By percent filled. */
  readonly patchesFilled: readonly RobustnessPoint[]
  /** The cells of a g × g grid in random order. By g. */
  readonly patchesShuffled: readonly RobustnessPoint[]
  /** Position embeddings in random order, and left out; null where the network has none. */
  readonly positions: { readonly permuted: number; readonly removed: number } | null
  /** Only the edges shown, and only a silhouette; absent from results of versions that did not measure it. */
  readonly outlines?: { readonly edges: number; readonly silhouette: number }
  readonly testImages: number
}

/** How well wrong places are told from true ones where they are chosen in one way. */
export interface DetectorScore {
  /** Id and name of the way. */
  readonly policy: string
  readonly label: string
  /** Tokens that claim a wrong place, in percent. */
  readonly misplaced: number
  /** Mean binary cross-entropy of a token, in nats. */
  readonly bce: number
  /** What knowing `misplaced` alone reaches: the entropy H(p) of that share, in nats. */
  readonly prior: number
  /** Probability that a misplaced token is rated higher than one in place, ties half: 0 to 1. */
  readonly auroc: number
  /** Mean of the shares of misplaced tokens and of tokens in place that are recognised at p = 0.5. */
  readonly balancedAccuracy: number
}

/** A detector at some threshold, in percent of the tokens in place and of the misplaced ones. */
export interface RocPoint {
  readonly falseAlarms: number
  readonly found: number
}

/** The misplaced tokens that claim a place so far away. */
export interface DistanceScore {
  /** Between true and claimed cell, in tokens, rounded. */
  readonly distance: number
  readonly tokens: number
  /** Against all tokens in place. */
  readonly auroc: number
  readonly bce: number
  /** As in `DetectorScore`, against all tokens in place. */
  readonly balancedAccuracy: number
}

/** What one detector does. The curves are of the run's own way of choosing wrong places. */
export interface DetectorReport {
  /** Under every way, the run's own first. */
  readonly scores: readonly DetectorScore[]
  /** By rising share of false alarms, from 0 to 100. */
  readonly roc: readonly RocPoint[]
  /** By rising distance. */
  readonly distances: readonly DistanceScore[]
  /** AUROC on the same images without content, each in its mean colour: 0.5 unless places alone tell. */
  readonly blank: number
}

export interface DetectionResult {
  readonly kind: 'detection'
  readonly trained: DetectorReport
  /** The untrained network's. */
  readonly untrained: DetectorReport
  readonly testImages: number
  /** Tokens of an image. */
  readonly tokens: number
}

/** Accuracy of a linear classifier on the features of a network, and on what needs none. */
export interface ShapesScore {
  readonly trained: number
  readonly untrained: number
  readonly rawPixels: number
  readonly trainImages: number
  readonly testImages: number
}

export interface ShapesResult {
  readonly kind: 'shapes'
  readonly representation: string
  /** Drawn outlines with random textures, classified by outline. */
  readonly shape: ShapesScore
  /** Images of the data set with their cells in random order, classified by class. */
  readonly texture: ShapesScore
  /** Names of the outlines. */
  readonly outlines: readonly string[]
  /** Test images by [true outline][predicted outline], of the trained network. */
  readonly confusion: readonly (readonly number[])[]
}

/** A strength with its standard error over the images, and its share of the mean over all orders with that of its own. */
export interface Strength {
  readonly value: number
  readonly error: number
  readonly relative: number
  readonly relativeError: number
}

/** How strongly two cells of an image act together when `order` other cells are shown. */
export interface InteractionPoint {
  /** m: number of other cells that are shown. */
  readonly order: number
  /** J^(m): mean over images and pairs of |I^(m)|, as published. */
  readonly published: Strength
  /** Root of the mean over pairs of the product of two halves of the contexts: without the floor that few contexts leave. */
  readonly debiased: Strength
}

/** The interactions of one classifier. */
export interface InteractionCurve {
  /** The run's encoder and the untrained one, each with a linear probe; or a network trained on labels from scratch. */
  readonly network: 'trained' | 'untrained' | 'supervised'
  /** Of the classifier on the test images, in percent. */
  readonly accuracy: number
  /** Images that are in the means so far. */
  readonly images: number
  /** By rising order. */
  readonly points: readonly InteractionPoint[]
}

/** Multi-order interactions: what a classifier draws from pairs of cells, by how much else it is shown. */
export interface InteractionsResult {
  readonly kind: 'interactions'
  readonly representation: string
  /** Cells a row and a column. */
  readonly grid: number
  readonly reward: 'modified' | 'logp' | 'logit'
  /** All pairs and contexts, or a sample of them. */
  readonly exact: boolean
  /** Pairs of an image, and contexts of a pair and order: all where `exact`, and contexts where there are no more. */
  readonly pairs: number
  readonly contexts: number
  readonly curves: readonly InteractionCurve[]
}

/** A near image. */
export interface Neighbour {
  /** Place in the training split. */
  readonly index: number
  readonly label: number
  /** 1 − cosine: 0 for the same direction, up to 2. */
  readonly distance: number
}

export interface NeighboursResult {
  readonly kind: 'neighbours'
  readonly representation: string
  readonly query: ImageAddress & { readonly label: number }
  /** Nearest first, in the network's features. */
  readonly features: readonly Neighbour[]
  /** Nearest first, in raw pixels. */
  readonly pixels: readonly Neighbour[]
  /** Training images among which they were sought: the first ones. */
  readonly bank: number
}

export interface MapResult {
  readonly kind: 'map'
  readonly representation: string
  /** Test images shown: the first ones. */
  readonly count: number
  /** Their classes. */
  readonly labels: Uint8Array
  /** First two principal components, [count, 2]. */
  readonly points: Float32Array
  /** Share of the variance that each of the two explains, 0 to 1. */
  readonly explained: readonly [number, number]
  /** Leading principal components, [count, dimensions]: what UMAP starts from. */
  readonly components: Float32Array
  readonly dimensions: number
}

/** A part of an image, in its pixels. */
export interface ImageBox {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** A crop of an image, and how like the query it is. */
export interface RankedCrop {
  readonly box: ImageBox
  /** Cosine of its features with those of the query. */
  readonly cosine: number
}

export interface CropsResult {
  readonly kind: 'crops'
  readonly representation: string
  readonly query: ImageAddress & { readonly box: ImageBox }
  readonly among: ImageAddress
  /** Most like the query first. */
  readonly crops: readonly RankedCrop[]
}

export type EvaluationResult =
  | KnnResult
  | LinearResult
  | FinetuneResult
  | RobustnessResult
  | DetectionResult
  | ShapesResult
  | InteractionsResult
  | NeighboursResult
  | MapResult
  | CropsResult

/** Results that stay with the run: in its checkpoint and in `evaluation.json`. */
export type LastingResult = Exclude<EvaluationResult, NeighboursResult | MapResult | CropsResult>

/** A result with what is needed to get it again. */
export interface EvaluationRecord<R extends EvaluationResult = LastingResult> {
  /** Where the run stood: steps, epochs and seconds of training. */
  readonly step: number
  readonly epoch: number
  readonly seconds: number
  /** What it took, in seconds, with all waiting for training. */
  readonly took: number
  readonly seed: number
  /** The adapter, in words. */
  readonly adapter: string
  /** The settings with effect `evaluation`. */
  readonly settings: SettingValues
  readonly result: R
}

/** Whether a result stays with the run. */
export const isLasting = (record: EvaluationRecord<EvaluationResult>): record is EvaluationRecord =>
  !passing.has(record.result.kind)

const passing: ReadonlySet<EvaluationKind> = new Set(['neighbours', 'map', 'crops'])

/** How far an evaluation has come. */
export interface EvaluationProgress {
  /** In words: "Features of the bank". */
  readonly stage: string
  readonly done: number
  readonly total: number
  /** A classifier being trained has finished an epoch. */
  readonly point?: CurvePoint & { readonly curve: 'probe' | 'pretrained' | 'scratch' }
  /** What has been found so far, where that is worth looking at. */
  readonly sofar?: InteractionsResult
}
