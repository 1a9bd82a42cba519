import type * as tf from '@tensorflow/tfjs'
import type { ViewRule } from '../data/viewRules.ts'
import type { Normalisation } from '../data/viewBatch.ts'
import type { InputValues } from '../engine/inputTensors.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import type {
  ActivationsPicture,
  ActivationsWish,
  AttentionPicture,
  LeakPicture,
  OrderPicture,
  OrderWish,
  PlacesPicture,
  PlacesWish,
  SpectrumPicture,
  Strips,
} from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'

/** Where in a run something random is drawn: the same address gives the same draw. */
export interface DrawAddress {
  readonly seed: number
  readonly step: number
}

/** Everything a loss depends on besides the parameters. All tensors are made outside the gradient closure. */
export interface StepBatch {
  /** One tensor [batch, size, size, 3] for every rule that `views` returned, normalised. */
  readonly views: readonly tf.Tensor4D[]
  /** The tensors of `stepInputs`, by name. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>
  /** What the teacher makes of them (see `Teacher.targets`), by name; nothing where there is no teacher. */
  readonly targets: Readonly<Record<string, tf.Tensor>>
}

/**
 * A teacher: an exponential moving average of parameters, teacher ← m · teacher + (1 − m) · student, that has no gradient.
 * It begins as a copy of the student.
 */
export interface Teacher<S extends SettingValues = SettingValues> {
  /** Which parameters it has a copy of. */
  averages(name: string): boolean
  /**
   * m of a step, in [0, 1].
   * @param done steps done before this one
   */
  momentum(settings: S, done: number): number
  /**
   * When it follows: `before` its targets are made, with the student as it is before the optimiser (ExtreMA, MoCo-v3), or
   * `after` the optimiser (DINO).
   */
  readonly order: 'before' | 'after'
  /** What it makes of a batch: constants of the loss, by name. No readback, no numbers that change from step to step. */
  targets(
    settings: S,
    batch: Omit<StepBatch, 'targets'>,
    teacher: ParameterSource,
  ): Readonly<Record<string, tf.Tensor>>
}

/** The total and its terms by metric key; scalars. */
export interface LossResult {
  readonly loss: tf.Scalar
  readonly terms: Readonly<Record<string, tf.Scalar>>
  /**
   * The description's `tables` by key, float32, without gradient: of means [2, columns], the sums and then the counts of this
   * step; of a matrix [rows, columns]. They are read at the end of the step: a parameter that is handed on as it is (or
   * reshaped) is as the optimiser has left it. Absent where the description has none.
   */
  readonly tables?: Readonly<Record<string, tf.Tensor2D>>
  /**
   * New values, by name, of parameters that are never trained (see `ParameterSpec.trainedFrom`): running means. They are
   * written after the optimiser, unless the step has diverged, as it has where one of them is not finite. Without gradient.
   */
  readonly updates?: Readonly<Record<string, tf.Tensor>>
}

/** Two views of some images, compared each with each; see `SimilarityPicture`. */
export interface Similarity {
  readonly rows: string
  readonly columns: string
  /** Cosines [row, column]. */
  readonly cosines: Float32Array
  readonly temperature: number
  /** Which of the views are compared, by their places in `Method.views`. */
  readonly of: readonly [row: number, column: number]
}

/** Sample images for pictures. */
export interface Samples {
  /** Data-set indices. */
  readonly indices: readonly number[]
  /** Bytes [count, 3, 32, 32]. */
  readonly pixels: Uint8Array
}

/** What an evaluation asks of a forward pass. */
export interface FeatureRequest {
  /** Ids of representations. */
  readonly wanted: readonly string[]
  /** Cells of the patch tokens that are left in, [kept], as floats, the same for all images; all when absent. */
  readonly kept?: tf.Tensor1D
  /**
   * The position of every cell's token, [cells], as floats: a permutation of the cells, for the position embeddings alone;
   * `removed` leaves the positions out, with a relative bias where there is one. As they are when absent.
   */
  readonly positions?: tf.Tensor1D | 'removed'
  /**
   * Present where batch norm is to take the statistics of this batch in place of the kept ones, which then move towards them
   * by this share, a scalar from 0 to 1: see `Features.updates`. The kept ones are used, and stay, when absent.
   */
  readonly statistics?: tf.Scalar
}

/** What a network makes of images, for evaluation. */
export interface Features {
  /** One tensor [B, width] for every representation that was wanted, in that order. */
  readonly features: readonly tf.Tensor2D[]
  /** Patch tokens [B, tokens, width] as the network hands them on at last; null where it has none. */
  readonly tokens: tf.Tensor3D | null
  /** New values of kept statistics, by the names of their parameters, where `statistics` asks for them; as in `LossResult`. */
  readonly updates?: Readonly<Record<string, tf.Tensor>>
}

/** What a detector makes of tokens, [B, tokens] each. */
export interface Detection {
  /** Of the probability that the token claims a wrong place. */
  readonly logits: tf.Tensor2D
  /** 1 where it does, 0 where it is in its place. */
  readonly labels: tf.Tensor2D
  /** From its true to the claimed cell, Euclidean, in tokens; 0 in place. */
  readonly distances: tf.Tensor2D
}

/** Tells which tokens claim a wrong place, as it was trained to; for evaluation. */
export interface Detector<S extends SettingValues = SettingValues> {
  /** How wrong places can be chosen, by id: every one can be asked for, whichever the run has. */
  readonly policies: readonly { readonly id: string; readonly label: string }[]
  /** The run's policy as it is now. */
  policy(settings: S): string
  /**
   * What `detect` needs besides images: as many tokens left out and as many wrong claims as the run has now, drawn for
   * every image from the seed and its index alone.
   * @param policy an id of `policies`
   * @param images their places in the data set
   */
  inputs(
    settings: S,
    policy: string,
    seed: number,
    images: readonly number[],
  ): Readonly<Record<string, InputValues>>
  /**
   * Pure tensor maths, no readback, without dropout: the student's view of the claims.
   * @param views normalised, [B, 32, 32, 3], neither augmented nor masked
   * @param inputs the tensors of `inputs`, by name
   */
  detect(
    settings: S,
    views: tf.Tensor4D,
    inputs: Readonly<Record<string, tf.Tensor>>,
    parameters: ParameterSource,
  ): Detection
}

/**
 * A pretraining method. It answers five questions: which settings (its description), which masks and other inputs for
 * a step, which parameters, which loss on which views, which pictures. `S` is its settings type.
 */
export interface Method<S extends SettingValues = SettingValues> {
  readonly id: string
  /** Channel statistics with which its views are normalised. */
  readonly normalisation: Normalisation
  /** How its views are made of an image; how many, and which of them have colours, depends on no live setting. */
  views(settings: S): readonly ViewRule[]
  /** All trainable parameters with their initial values, drawn from `settings.seed`. */
  parameters(settings: S): readonly ParameterSpec[]
  /**
   * What a step needs besides views: masks, per-sample switches, numbers that may change while training. Drawn on the
   * host from counter-based random numbers. A live setting may change their shapes (a mask ratio, the number of visible
   * tokens): the step is recorded anew for every combination of shapes, so the loss takes sizes from the tensors alone.
   */
  stepInputs(settings: S, draw: DrawAddress, batch: number): Readonly<Record<string, InputValues>>
  /** The loss of one step: pure tensor maths, no readback, no numbers that change from step to step. */
  loss(batch: StepBatch, parameters: ParameterSource, settings: S): LossResult
  /** Its teacher; absent where the description's `hasTeacher` is false. */
  readonly teacher?: Teacher<S>
  /**
   * Weight decay of a step, where it has a schedule; the setting `weightDecay` when absent.
   * @param done steps done before this one
   */
  weightDecay?(settings: S, done: number): number
  /** Where `clipNorm` bounds the gradient of every parameter on its own (DINO); that of all together when absent. */
  readonly clipping?: 'each'
  /**
   * Features of normalised images [B, 32, 32, 3], neither augmented nor masked: a forward pass without dropout.
   * Representations of the teacher are made with `parameters.teacher`; tokens are those of the first wanted
   * representation's network, or of the first representation when none is wanted.
   */
  features(
    settings: S,
    views: tf.Tensor4D,
    parameters: ParameterSource,
    request: FeatureRequest,
  ): Features
  /**
   * The layer of a parameter for layer-wise learning rate decay: 0 for the embedding, rising by 1 to `last`, where a
   * classifier's head belongs. Null for parameters that no representation uses (decoders, mask tokens).
   */
  layerOf(settings: S, name: string): number | null
  /** See `layerOf`. */
  lastLayer(settings: S): number
  /** The columns of the picture table that need no network (masks): cheap, on the host, at once. */
  preview(settings: S, samples: Samples, maskSeed: number): Strips
  /** The whole picture table. `views` are the samples, normalised. */
  strips(
    settings: S,
    samples: Samples,
    maskSeed: number,
    views: tf.Tensor4D,
    parameters: ParameterSource,
  ): Promise<Strips>
  /** Attention in one image, or null when the network has none. */
  attention(
    settings: S,
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    parameters: ParameterSource,
  ): Promise<AttentionPicture | null>
  /**
   * How one image is predicted piece by piece; absent where the description's `hasOrder` is.
   * @param maskSeed draws the same order for the same image as in `strips`
   */
  order?(
    settings: S,
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    parameters: ParameterSource,
    wish: OrderWish,
  ): Promise<OrderPicture>
  /**
   * Where the patches of one image claim to lie, and what the network holds of it; absent where the description's
   * `hasPlaces` is. Only for settings for which that is true.
   * @param maskSeed draws the same claims for the same image as in `strips`
   */
  places?(
    settings: S,
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    parameters: ParameterSource,
    wish: PlacesWish,
  ): Promise<PlacesPicture>
  /** Absent where the description's `hasPlaces` is. Only for settings for which that is true. */
  readonly detector?: Detector<S>
  /**
   * Compares two views of some images; absent where the description's `hasSimilarity` is.
   * @param views of the images, one tensor for every rule of `views`
   */
  similarity?(
    settings: S,
    views: readonly tf.Tensor4D[],
    parameters: ParameterSource,
  ): Promise<Similarity>
  /**
   * What the Fourier loss sees of the samples; absent where the description's `hasSpectrum` is.
   * @param maskSeed draws the same masks as in `strips`
   */
  spectrum?(
    settings: S,
    samples: Samples,
    maskSeed: number,
    views: tf.Tensor4D,
    parameters: ParameterSource,
  ): Promise<SpectrumPicture>
  /** What every stage makes of one image; absent where the description's `hasActivations` is. Only where that is true. */
  activations?(
    settings: S,
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    parameters: ParameterSource,
    wish: ActivationsWish,
  ): Promise<ActivationsPicture>
  /**
   * Whether hidden pixels reach the encoder; absent where the description's `hasLeakCheck` is.
   * @param maskSeed draws the same masks as in `strips`
   */
  leak?(
    settings: S,
    samples: Samples,
    maskSeed: number,
    views: tf.Tensor4D,
    parameters: ParameterSource,
  ): Promise<LeakPicture>
}
