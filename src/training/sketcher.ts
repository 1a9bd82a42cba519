import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import type { Method, Samples } from '../methods/method.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'
import { similarityPicture } from './similarityPicture.ts'
import { tokensPicture } from './tokensPicture.ts'
import type { Trainer } from './trainer.ts'

/** What methods draw from, in the order in which they take it. */
type Given = readonly [
  settings: SettingValues,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
]

/** Draws the pictures that the page asked for. */
export class Sketcher {
  readonly #method: Method
  readonly #trainer: Trainer
  readonly #images: ImageSet

  constructor(method: Method, trainer: Trainer, images: ImageSet) {
    this.#method = method
    this.#trainer = trainer
    this.#images = images
  }

  /** The images of the request that exist, with their labels. */
  labels(request: PictureRequest): { samples: number[]; labels: number[] } {
    const wanted = new Set([...request.samples, ...(request.similarity ?? [])])
    const samples = this.#known([...wanted])
    return { samples, labels: samples.map((index) => this.#images.labels[index]!) }
  }

  /** The columns that need no network, at once, with the newest settings. */
  preview(request: PictureRequest): Picture | null {
    const samples = this.#samples(request.samples)
    if (samples.indices.length === 0) return null
    return this.#method.preview(this.#trainer.settings, samples, request.maskSeed)
  }

  /**
   * All pictures of the request, one after the other, each with the newest settings. Those that the method does not draw, or
   * not with these settings, are left out.
   */
  async draw(request: PictureRequest): Promise<Picture[]> {
    const { samples, maskSeed, tokens, attentionSample, order, similarity, spectrum, leak } =
      request
    const { description, settings } = this.#trainer
    const method = this.#method
    const of = (
      images: readonly number[],
      draw: (...given: Given) => Promise<Picture | null> | undefined,
    ) => this.#of(images, maskSeed, draw)
    const isWatched = request.places ?? request.activations ?? similarity ?? spectrum ?? false
    const places = description.hasPlaces?.(settings) === true && request.places
    const activations = description.hasActivations?.(settings) === true && request.activations
    const drawn = [
      !isWatched && (await of(samples, (...given) => method.strips(...given))),
      leak && (await of(leak, (...given) => method.leak?.(...given))),
      tokens && (await of(samples, (...given) => this.#tokens(given[1], given[3]))),
      attentionSample !== null &&
        (await of([attentionSample], (...given) => method.attention(...given))),
      order && (await of([order.sample], (...given) => method.order?.(...given, order))),
      places && (await of([places.sample], (...given) => method.places?.(...given, places))),
      similarity && (await this.#similarity(similarity, maskSeed)),
      spectrum && (await of(spectrum, (...given) => method.spectrum?.(...given))),
      activations &&
        (await of([activations.sample], (...given) => method.activations?.(...given, activations))),
    ]
    return drawn.flatMap((picture) => (picture ? [picture] : []))
  }

  /** Null where images are not compared, or there are none. */
  #similarity(wanted: readonly number[], maskSeed: number): Promise<Picture | null> {
    const { settings, parameters, images } = this.#trainer
    return similarityPicture(
      this.#method,
      settings,
      images,
      this.#known(wanted),
      maskSeed,
      parameters,
    )
  }

  #tokens(samples: Samples, views: tf.Tensor4D): Promise<Picture | null> {
    const { settings, parameters, description } = this.#trainer
    // What may change while training changes no kernel.
    const fixed = Object.entries(settings).filter(
      ([key]) => description.table[key]?.effect !== 'live',
    )
    const work = `${description.id} ${JSON.stringify(fixed)}`
    return tokensPicture(this.#method, settings, samples, views, parameters, work)
  }

  /** A picture of those of some images that exist, given to the network as they are; null of none. */
  async #of(
    wanted: readonly number[],
    maskSeed: number,
    draw: (...given: Given) => Promise<Picture | null> | undefined,
  ): Promise<Picture | null> {
    const samples = this.#samples(wanted)
    if (samples.indices.length === 0) return null
    const { settings, parameters, images } = this.#trainer
    const boxes = samples.indices.map(() => WHOLE_IMAGE)
    const views = tf.tidy(() => images.views(samples.indices, boxes, this.#method.normalisation))
    try {
      return (await draw(settings, samples, maskSeed, views, parameters)) ?? null
    } finally {
      views.dispose()
    }
  }

  #known(indices: readonly number[]): number[] {
    return indices.filter((index) => index < this.#trainer.images.count)
  }

  #samples(wanted: readonly number[]): Samples {
    const indices = this.#known(wanted)
    const pixels = new Uint8Array(indices.length * IMAGE_BYTES)
    indices.forEach((index, row) => {
      const from = index * IMAGE_BYTES
      pixels.set(this.#images.pixels.subarray(from, from + IMAGE_BYTES), row * IMAGE_BYTES)
    })
    return { indices, pixels }
  }
}
