import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import type { Method, Samples } from '../methods/method.ts'
import type { OrderWish, Picture, PictureRequest, PlacesWish } from '../pictures.ts'
import { similarityPicture } from './similarityPicture.ts'
import { tokensPicture } from './tokensPicture.ts'
import type { Trainer } from './trainer.ts'

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

  /** All pictures of the request, with the newest settings. */
  async draw(request: PictureRequest): Promise<Picture[]> {
    const { maskSeed, order = null, places = null, similarity = null } = request
    const samples = this.#samples(request.samples)
    const one = (sample: number | null = null) => this.#samples(sample === null ? [] : [sample])
    const sample = one(request.attentionSample)
    const ordered = one(order?.sample)
    const placed = one(places?.sample)
    const watched = places !== null || similarity !== null
    const drawn = [
      watched
        ? null
        : await this.#ofSamples(samples, (views) => this.#strips(samples, maskSeed, views)),
      request.tokens
        ? await this.#ofSamples(samples, (views) => this.#tokens(samples, views))
        : null,
      await this.#ofSamples(sample, (view) => this.#attention(sample, maskSeed, view)),
      order &&
        (await this.#ofSamples(ordered, (view) => this.#order(ordered, maskSeed, view, order))),
      places &&
        (await this.#ofSamples(placed, (view) => this.#places(placed, maskSeed, view, places))),
      similarity && (await this.#similarity(similarity, maskSeed)),
    ]
    return drawn.filter((picture) => picture !== null)
  }

  #strips(samples: Samples, maskSeed: number, views: tf.Tensor4D): Promise<Picture> {
    const { settings, parameters } = this.#trainer
    return this.#method.strips(settings, samples, maskSeed, views, parameters)
  }

  #attention(sample: Samples, maskSeed: number, view: tf.Tensor4D): Promise<Picture | null> {
    const { settings, parameters } = this.#trainer
    return this.#method.attention(settings, sample, maskSeed, view, parameters)
  }

  /** Null where the method predicts nothing piece by piece. */
  async #order(
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    wish: OrderWish,
  ): Promise<Picture | null> {
    const { settings, parameters } = this.#trainer
    const drawn = this.#method.order?.(settings, sample, maskSeed, view, parameters, wish)
    return (await drawn) ?? null
  }

  /** Null where nothing claims a place. */
  async #places(
    sample: Samples,
    maskSeed: number,
    view: tf.Tensor4D,
    wish: PlacesWish,
  ): Promise<Picture | null> {
    const { settings, parameters, description } = this.#trainer
    if (description.hasPlaces?.(settings) !== true) return null
    const drawn = this.#method.places?.(settings, sample, maskSeed, view, parameters, wish)
    return (await drawn) ?? null
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

  /** A picture of some images, given to the network as they are; null of none. */
  async #ofSamples(
    samples: Samples,
    draw: (views: tf.Tensor4D) => Promise<Picture | null>,
  ): Promise<Picture | null> {
    if (samples.indices.length === 0) return null
    const boxes = samples.indices.map(() => WHOLE_IMAGE)
    const views = tf.tidy(() =>
      this.#trainer.images.views(samples.indices, boxes, this.#method.normalisation),
    )
    try {
      return await draw(views)
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
