import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import type { Method, Samples } from '../methods/method.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
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
    const { settings } = this.#trainer
    const pictures: Picture[] = []
    const samples = this.#samples(request.samples)
    if (samples.indices.length > 0)
      pictures.push(
        await this.#withViews(samples, (views) =>
          this.#method.strips(settings, samples, request.maskSeed, views, this.#trainer.parameters),
        ),
      )
    const looked = request.attentionSample === null ? [] : [request.attentionSample]
    const sample = this.#samples(looked)
    if (sample.indices.length > 0) {
      const attention = await this.#withViews(sample, (view) =>
        this.#method.attention(settings, sample, request.maskSeed, view, this.#trainer.parameters),
      )
      if (attention !== null) pictures.push(attention)
    }
    return pictures
  }

  async #withViews<T>(samples: Samples, use: (views: tf.Tensor4D) => Promise<T>): Promise<T> {
    const boxes = samples.indices.map(() => WHOLE_IMAGE)
    const views = tf.tidy(() =>
      this.#trainer.images.views(samples.indices, boxes, this.#method.normalisation),
    )
    try {
      return await use(views)
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
