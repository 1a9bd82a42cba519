import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { randomAt, Stream, type RandomSequence } from '../../../engine/random.ts'
import { readAllAhead } from '../../../engine/recording/compileAhead.ts'
import type { LeakPicture } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { hiddenPixels } from '../../painting.ts'
import { networkConfig } from '../config.ts'
import { A2mimNetwork, trunkShape } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { joined, MaskedSamples } from './maskedSamples.ts'

/** Pixels of an image. */
const PIXELS = IMAGE_SIZE ** 2
/**
 * By this, in normalised units, what stands in hidden pixels is moved to see what rounding can do: a mean of 1024 float32
 * numbers about 1 is off by a few times less.
 */
const NUDGE = 2 ** -20
/** Changes up to this share of the largest feature are rounding in any network. */
const LEAST_TOLERANCE = 1e-6

/** What is known of the fills without looking, by their names. */
const FILLED: Record<A2mimSettings['fill'], string> = {
  mean: 'Hidden pixels have the image’s mean colour, which the disturbance leaves as it is: nothing else of them may reach the network.',
  zero: 'Hidden pixels are zero: nothing of them may reach the network.',
  noise: 'Hidden pixels are noise: nothing of them may reach the network.',
  noisy:
    'Hidden pixels have noise added: something of them remains and is meant to reach the network.',
  unfilled:
    'Hidden pixels are left as they are: they reach the network, but for a ViT whose token replaces them right after the patch embedding.',
}

/**
 * Whether hidden pixels reach the encoder (I1 of spec section 9): they are disturbed such that every colour's sum over an image
 * stays what it was, and the features of both are compared. What rounding alone can do is measured beside it, by moving
 * what stands in the hidden pixels by a millionth. Statistics are the kept ones, so that no other image has a part in it.
 */
export async function leakPicture(
  settings: A2mimSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<LeakPicture> {
  const { seed, fill } = settings
  const config = networkConfig(settings)
  const grid = IMAGE_SIZE / trunkShape(config).stride
  const masked = new MaskedSamples(settings, samples, maskSeed)
  const disturbances = samples.indices.map((index, row) =>
    disturbance(masked.masks[row]!, masked.cell, randomAt(seed, Stream.leak, maskSeed, index)),
  )
  const compute = (): tf.Tensor[] =>
    tf.tidy(() => {
      const { mask, pixelMask } = masked.tensors()
      const network = new A2mimNetwork(config, parameters)
      const filled = masked.fill(views, pixelMask)
      const disturbed = views.add<tf.Tensor4D>(tf.tensor4d(joined(disturbances), views.shape))
      const before = network.encodeMasked(filled, mask)
      const changeFrom = (input: tf.Tensor4D): tf.Tensor2D =>
        network.encodeMasked(input, mask).sub(before).abs().max<tf.Tensor2D>(2)
      return [
        changeFrom(masked.fill(disturbed, pixelMask)),
        changeFrom(filled.add(pixelMask.mul(NUDGE))).max(),
        before.abs().max(),
      ]
    })
  const name = `leak ${samples.indices.length} ${masked.name} ${JSON.stringify(config)}`
  const [changes, rounding, size] = await readAllAhead(name, compute)
  const moved = changes!.map((change) => change / size![0]!)
  return {
    kind: 'leak',
    samples: samples.indices,
    grid,
    moved,
    largest: moved.reduce((most, change) => Math.max(most, change), 0),
    tolerance: Math.max(LEAST_TOLERANCE, rounding![0]! / size![0]!),
    filled: FILLED[fill],
  }
}

/**
 * Standard normal numbers in the hidden pixels, less their mean in every colour, and zeros elsewhere, [S, S, 3].
 * @param mask at its resolution, 1 = hidden
 * @param cell side in pixels of a cell of the mask
 */
export function disturbance(
  mask: ArrayLike<number>,
  cell: number,
  random: RandomSequence,
): Float32Array {
  const isHidden = hiddenPixels(mask, cell)
  const hidden = Array.from({ length: PIXELS }, (_, pixel) => pixel).filter(isHidden)
  const values = new Float32Array(3 * PIXELS)
  for (let channel = 0; channel < 3; channel++) {
    const drawn = hidden.map(() => random.normal())
    const mean = drawn.reduce((sum, value) => sum + value, 0) / hidden.length
    hidden.forEach((pixel, i) => (values[3 * pixel + channel] = drawn[i]! - mean))
  }
  return values
}
