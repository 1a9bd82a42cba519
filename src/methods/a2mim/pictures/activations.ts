import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAllAhead } from '../../../engine/recording/compileAhead.ts'
import { spreadToPixels } from '../../../models/patches.ts'
import type { ActivationsPicture, ActivationsWish } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { paint, samplePainter } from '../../painting.ts'
import { networkConfig } from '../config.ts'
import { spatialLoss } from '../loss.ts'
import { A2mimNetwork } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { channelMean, tokenLengths, weightedMap } from './gradCam.ts'
import { layersOf } from './layers.ts'
import { MaskedSamples } from './maskedSamples.ts'
import { inputPainter } from './painters.ts'

/**
 * What every layer makes of one image under its mask: the mean over its channels, and where it speaks for the reconstruction of
 * the pixels that are looked at (Grad-CAM with minus the spatial loss in place of a class's score).
 */
export async function activationsPicture(
  settings: A2mimSettings,
  sample: Samples,
  maskSeed: number,
  view: tf.Tensor4D,
  parameters: ParameterSource,
  wish: ActivationsWish,
): Promise<ActivationsPicture> {
  const masked = new MaskedSamples(settings, sample, maskSeed)
  const hidden = masked.blocks(0)
  // The mask block is a live setting: a cell that was wished for may be gone.
  const cell = wish.cell !== null && wish.cell < hidden.length ? wish.cell : null
  const watched = cell === null ? hidden : hidden.map((_, i) => Number(i === cell))
  const { stages, token } = await activations(settings, masked, watched, view, parameters)
  const original = samplePainter(sample, 0)
  return {
    kind: 'activations',
    sample: sample.indices[0]!,
    image: paint(original),
    input: paint(inputPainter(settings, masked, 0, original)),
    size: IMAGE_SIZE,
    grid: IMAGE_SIZE / masked.block,
    hidden,
    cell,
    target: targetOf(settings, cell === null ? null : hidden[cell] === 1),
    stages,
    token,
  }
}

/** What the gradients are of, in a sentence. */
function targetOf({ spatialLoss }: A2mimSettings, isHidden: boolean | null): string {
  const loss = spatialLoss === 'l1' ? 'absolute error' : 'focal L1 error'
  const where =
    isHidden === null
      ? 'all hidden pixels'
      : `the chosen cell${isHidden ? '' : ', although it is visible'}`
  return `Minus the mean ${loss} over ${where}: bright where features make the reconstruction there better.`
}

type Activations = Pick<ActivationsPicture, 'stages' | 'token'>

async function activations(
  settings: A2mimSettings,
  masked: MaskedSamples,
  watched: Uint8Array,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Activations> {
  const config = networkConfig(settings)
  const layers = layersOf(config)
  const tokenGrid = IMAGE_SIZE / masked.cell
  const compute = (): tf.Tensor[] =>
    tf.tidy(() => {
      const { mask, pixelMask } = masked.tensors()
      const input = masked.fill(view, pixelMask)
      const cells = tf.tensor2d(Float32Array.from(watched), [1, watched.length])
      const where = spreadToPixels(cells, masked.block)
      const maps: tf.Tensor4D[] = []
      const token: tf.Tensor3D[] = []
      const keepToken = (features: tf.Tensor3D): void => void token.push(tf.keep(features))
      // Nothing is added to the maps but zeros, which have the gradients that the maps themselves have.
      const score = (...zeros: tf.Tensor[]): tf.Scalar => {
        const network = new A2mimNetwork(config, parameters)
        const prediction = network.predict(
          input,
          mask,
          {
            through: (map, i) => {
              maps.push(tf.keep(map))
              return map.add(zeros[i]!)
            },
          },
          { beforeToken: keepToken, masked: keepToken },
        )
        return spatialLoss(prediction, view, where, settings.spatialLoss).neg()
      }
      const gradients = tf.grads(score)(
        layers.map(({ grid, channels }) => tf.zeros([1, grid, grid, channels])),
      )
      const kept = [...maps, ...token]
      const seen = [
        ...maps.flatMap((map, i) => [
          channelMean(map),
          weightedMap(map, gradients[i]! as tf.Tensor4D),
        ]),
        ...token.map(tokenLengths),
      ]
      kept.forEach((map) => map.dispose())
      return seen
    })
  const name = `activations ${masked.name} ${masked.block} ${settings.spatialLoss} ${JSON.stringify(config)}`
  const values = await readAllAhead(name, compute)
  const [before, after] = values.slice(2 * layers.length)
  return {
    stages: layers.map((layer, i) => ({
      ...layer,
      mean: values[2 * i]!,
      weighted: values[2 * i + 1]!,
    })),
    token:
      settings.tokenMode === 'none'
        ? null
        : {
            label: tokenPlace(settings),
            grid: tokenGrid,
            // A class token, where there is one, comes first.
            before: before!.slice(-(tokenGrid ** 2)),
            after: after!.slice(-(tokenGrid ** 2)),
          },
  }
}

/** Where the mask token enters. */
const tokenPlace = ({ architecture, maskLayer, tokenStage }: A2mimSettings): string => {
  if (architecture === 'vit')
    return maskLayer === 0 ? 'after the patch embedding' : `before block ${maskLayer}`
  return tokenStage === 0 ? 'after the stem' : `after stage ${tokenStage}`
}
