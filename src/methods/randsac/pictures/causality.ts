import * as tf from '@tensorflow/tfjs'
import type { Normalisation } from '../../../data/viewBatch.ts'
import type { RandomSequence } from '../../../engine/random.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { spreadToPixels } from '../../../models/patches.ts'
import type { CausalityCheck } from '../../../pictures.ts'
import type { Serialisation } from '../segments/serialisation.ts'

/** Trials at most; where there are more segments, as many are spread over them. */
const MOST_TRIALS = 64
/** Images of a pass: the untouched one and trials. Few, so that no pass holds the GPU for long. */
const IMAGES = 8
/**
 * The bound of spec section 12.5. What is not seen does not take part in a sum at all, so that nothing should move by a single
 * bit; a leak moves predictions by a thousandth and more.
 */
const TOLERANCE = 1e-6

/** A network with a mask: images [B, S, S, 3] and the ranks of their cells [B, N] to predictions [B, N, 3P²]. */
export type PredictImages = (images: tf.Tensor4D, ranks: tf.Tensor2D) => tf.Tensor3D

/** An image [3S²] of noise in normalised values: every pixel of it any byte. */
export function noiseImage(
  random: RandomSequence,
  pixels: number,
  { mean, deviation }: Normalisation,
): Float32Array {
  return Float32Array.from({ length: 3 * pixels }, (_, i) => {
    const channel = i % 3
    return (random.below(256) / 255 - mean[channel]!) / deviation[channel]!
  })
}

/** The ranks from which on pixels are replaced, one a trial: all, or as many as there are trials, from the first to the last. */
export function trialRanks(segments: number): Uint16Array {
  const trials = Math.min(segments, MOST_TRIALS)
  return Uint16Array.from({ length: trials }, (_, trial) =>
    trials === segments ? trial : Math.round((trial * (segments - 1)) / (trials - 1)),
  )
}

/**
 * Replaces the pixels of all cells of a rank and of later ones by noise, for one rank after the other, and looks which
 * predictions move: none of that rank or of an earlier one may (spec section 12.5).
 * @param view the image [1, S, S, 3], in normalised values
 * @param noise [3S²]
 * @param name names the network with everything that its kernels depend on
 */
export async function checkCausality(
  view: tf.Tensor4D,
  { ranks, segments }: Serialisation,
  noise: Float32Array,
  name: string,
  predict: PredictImages,
): Promise<CausalityCheck> {
  const disturbedFrom = trialRanks(segments)
  const moved = new Float32Array(disturbedFrom.length * ranks.length)
  for (let first = 0; first < disturbedFrom.length; first += IMAGES - 1) {
    const trials = disturbedFrom.subarray(first, first + IMAGES - 1)
    const look = (): tf.Tensor2D =>
      tf.tidy(() => changes(view, ranks, noise, padded([...trials], segments), predict))
    const changed = await readAhead(`causality ${IMAGES} ${name}`, look)
    // The first row is the untouched image's.
    const rows = changed.subarray(ranks.length)
    moved.set(rows.subarray(0, trials.length * ranks.length), first * ranks.length)
  }
  // Cells of the first rank are not predicted: what a network says of them is of no interest.
  return {
    disturbedFrom,
    moved: moved.map((change, i) => (ranks[i % ranks.length] === 0 ? 0 : change)),
    tolerance: TOLERANCE,
  }
}

/** The ranks of a pass: in the images around the trials nothing is replaced. */
const padded = (trials: readonly number[], segments: number): number[] =>
  Object.assign(Array<number>(IMAGES).fill(segments), [segments, ...trials])

/** Largest change of every cell's prediction from that of the first image, [images, cells]. */
function changes(
  view: tf.Tensor4D,
  ranks: Uint16Array,
  noise: Float32Array,
  from: readonly number[],
  predict: PredictImages,
): tf.Tensor2D {
  const [, side] = view.shape
  const patch = side / Math.sqrt(ranks.length)
  const all = Float32Array.from(
    { length: from.length * ranks.length },
    (_, i) => ranks[i % ranks.length]!,
  )
  const replaced = Float32Array.from(all, (rank, i) =>
    Number(rank >= from[Math.floor(i / ranks.length)]!),
  )
  const shape: [number, number] = [from.length, ranks.length]
  const where = spreadToPixels(tf.tensor2d(replaced, shape), patch)
  const disturbance = tf.tensor4d(noise, [1, side, side, 3])
  // Where nothing is replaced, the image stays what it was to the bit: x · 1 + noise · 0.
  const images = view.mul(tf.sub(1, where)).add<tf.Tensor4D>(disturbance.mul(where))
  const predictions = predict(images, tf.tensor2d(all, shape))
  const untouched = predictions.slice([0, 0, 0], [1, -1, -1])
  return predictions.sub(untouched).abs().max<tf.Tensor2D>(-1)
}
