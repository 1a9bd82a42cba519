import * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../../data/deviceImages.ts'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAllAhead } from '../../../engine/recording/compileAhead.ts'
import type { LayerSpectrum, SpectrumMap, SpectrumPicture } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { networkPainter, paint, samplePainter } from '../../painting.ts'
import { lossForm, networkConfig } from '../config.ts'
import { fillWithMean } from '../corruption.ts'
import { A2mimNetwork } from '../network.ts'
import type { A2mimSettings } from '../settings.ts'
import { layersOf } from './layers.ts'
import { diagonalAmplitudes, spatialVariance } from './layerSpectra.ts'
import { MaskedSamples } from './maskedSamples.ts'
import { centred, ringMeans, ringRadii } from './rings.ts'
import { imageAmplitude, spectrumMaps } from './spectrumMaps.ts'
import { curveWords, mapWords } from './spectrumWords.ts'

/** Amplitudes of an image below this are nothing that distances could be a share of. */
const SMALLEST_AMPLITUDE = 1e-6
/** Frequencies of an image. */
const PLANE = IMAGE_SIZE ** 2

/** What the Fourier loss sees of the samples under their masks, and what the layers let through of the unmasked ones. */
export async function spectrumPicture(
  settings: A2mimSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<SpectrumPicture> {
  const masked = new MaskedSamples(settings, samples, maskSeed)
  const count = samples.indices.length
  const seen = await spectra(settings, masked, views, parameters)
  const words = mapWords(settings, count)
  const map = (id: keyof typeof words, scale: SpectrumMap['scale']): SpectrumMap[] =>
    seen[id] === null ? [] : [{ ...words[id], scale, values: seen[id] }]
  const [distance, filled, image] = [seen.distance, seen.filled, seen.image].map(ringsOfImages)
  const share = (of: Float32Array): Float32Array =>
    of.map((value, i) => value / Math.max(image![i]!, SMALLEST_AMPLITUDE))
  return {
    kind: 'spectrum',
    samples: samples.indices,
    size: IMAGE_SIZE,
    originals: pictures(count, (row) => paint(samplePainter(samples, row))),
    predictions: pictures(count, (row) =>
      paint(networkPainter(seen.compared, row, CIFAR_NORMALISATION)),
    ),
    maps: [
      ...map('distance', 'log'),
      ...map('averaged', 'log'),
      ...map('weight', 'linear'),
      ...map('image', 'log'),
    ],
    radial: {
      at: ringRadii(IMAGE_SIZE),
      curves: [
        { ...curveWords.distance, values: distance! },
        { ...curveWords.filled, values: filled!, beside: 'distance' },
        { ...curveWords.image, values: image!, beside: 'distance' },
        { ...curveWords.distanceShare, values: share(distance!) },
        { ...curveWords.filledShare, values: share(filled!), beside: 'distanceShare' },
      ],
    },
    layers: await layerSpectra(settings, views, parameters),
  }
}

/** The pictures of several rows, one after the other. */
function pictures(count: number, of: (row: number) => Uint8ClampedArray): Uint8ClampedArray {
  const all = new Uint8ClampedArray(count * 4 * PLANE)
  for (let row = 0; row < count; row++) all.set(of(row), row * 4 * PLANE)
  return all
}

/** The numbers of every sample, [sample, …] from planes [sample, S²]. */
function eachSample(planes: Float32Array, of: (plane: Float32Array) => Float32Array): Float32Array {
  const rows = Array.from({ length: planes.length / PLANE }, (_, row) =>
    of(planes.subarray(row * PLANE, (row + 1) * PLANE)),
  )
  return Float32Array.from(rows.flatMap((row) => [...row]))
}

const ringsOfImages = (planes: Float32Array): Float32Array =>
  eachSample(planes, (plane) => ringMeans(plane, IMAGE_SIZE))

/** What the loss makes of the samples: pictures [sample, S, S, 3] and centred planes [sample, S, S]. */
interface Spectra {
  readonly compared: Float32Array
  readonly distance: Float32Array
  readonly averaged: Float32Array | null
  readonly weight: Float32Array
  readonly image: Float32Array
  /** As `distance`, where nothing is painted. */
  readonly filled: Float32Array
}

async function spectra(
  settings: A2mimSettings,
  masked: MaskedSamples,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Spectra> {
  const config = networkConfig(settings)
  const form = lossForm(settings)
  const compute = (): tf.Tensor[] =>
    tf.tidy(() => {
      const { mask, pixelMask } = masked.tensors()
      const filled = masked.fill(views, pixelMask)
      const prediction = new A2mimNetwork(config, parameters).predict(filled, mask)
      const visibleGradient = tf.scalar(settings.visibleGradient)
      const maps = spectrumMaps({ prediction, target: views, pixelMask, visibleGradient }, form)
      const unpainted = imageAmplitude(fillWithMean(views, pixelMask).sub(views))
      const { compared, distance, image, averaged, weight } = maps
      return [compared, distance, image, unpainted, averaged, weight].filter((map) => map !== null)
    })
  const count = views.shape[0]
  const name = `spectra ${count} ${masked.name} ${JSON.stringify([config, form])}`
  const values = await readAllAhead(name, compute)
  const [compared, distance, image, filled] = values.splice(0, 4)
  const averaged = form.spectra === 'batchMean' ? values.shift()! : null
  const weight = values.shift() ?? new Float32Array(count * PLANE).fill(1)
  const planes = (map: Float32Array): Float32Array => {
    const middle = eachSample(map, (plane) => centred(plane, IMAGE_SIZE))
    return Float32Array.from({ length: count * PLANE }, (_, i) => middle[i % middle.length]!)
  }
  return {
    compared: compared!,
    distance: planes(distance!),
    averaged: averaged && planes(averaged),
    weight: planes(weight),
    image: planes(image!),
    filled: planes(filled!),
  }
}

/** Spectra of every layer on the unmasked images. */
async function layerSpectra(
  settings: A2mimSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<LayerSpectrum[]> {
  const config = networkConfig(settings)
  const compute = (): tf.Tensor[] =>
    tf.tidy(() => {
      const numbers: tf.Tensor[] = []
      new A2mimNetwork(config, parameters).encode(views, {
        through: (map) => {
          numbers.push(diagonalAmplitudes(map), spatialVariance(map))
          return map
        },
      })
      return numbers
    })
  const values = await readAllAhead(
    `spectra of layers ${views.shape[0]} ${JSON.stringify(config)}`,
    compute,
  )
  return layersOf(config).map(({ id, label, grid }, layer) => ({
    ...{ id, label, grid },
    amplitudes: values[2 * layer]!,
    variance: values[2 * layer + 1]![0]!,
  }))
}
