import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import type { Method, Samples } from '../methods/method.ts'
import type { OrderWish, Picture, PictureRequest } from '../pictures.ts'
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

  /** The sample images that exist, with their labels. */
  labels(request: PictureRequest): { samples: number[]; labels: number[] } {
    const samples = this.#known(request.samples)
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
    const samples = this.#samples(request.samples)
    const looked = request.attentionSample === null ? [] : [request.attentionSample]
    const sample = this.#samples(looked)
    const order = request.order ?? null
    const ordered = this.#samples(order ? [order.sample] : [])
    const drawn = [
      await this.#ofSamples(samples, (views) => this.#strips(samples, request.maskSeed, views)),
      request.tokens
        ? await this.#ofSamples(samples, (views) => this.#tokens(samples, views))
        : null,
      await this.#ofSamples(sample, (view) => this.#attention(sample, request.maskSeed, view)),
      order &&
        (await this.#ofSamples(ordered, (view) =>
          this.#order(ordered, request.maskSeed, view, order),
        )),
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
