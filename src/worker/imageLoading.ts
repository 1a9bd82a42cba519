import type { Event } from '../protocol.ts'
import type { Images } from './images.ts'
import { loadingReporter } from './loadingReporter.ts'

/** Loads training images for runs, one after the other, and tells the page how far it is. */
export class ImageLoading {
  readonly #images: Images
  readonly #post: (event: Event) => void
  #controller = new AbortController()
  #isUnderWay = false

  constructor(images: Images, post: (event: Event) => void) {
    this.#images = images
    this.#post = post
  }

  /** Whether images are being loaded. */
  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /** Whether loading was ended since it was last allowed. */
  get isEnded(): boolean {
    return this.#controller.signal.aborted
  }

  /** Ends what is under way, and all that comes until it is allowed again. */
  end(): void {
    this.#controller.abort()
  }

  /** Loading may begin again. */
  allow(): void {
    this.#controller = new AbortController()
  }

  /** Loads the first images. Throws as `Images.load`. */
  async load(count: number): Promise<void> {
    this.#isUnderWay = true
    try {
      await this.#images.load(count, loadingReporter(this.#post), this.#controller.signal)
    } finally {
      this.#isUnderWay = false
    }
  }

  /** Takes the first images from files instead. Throws as `Images.take`. */
  take(files: readonly File[], count: number): Promise<void> {
    return this.#images.take(files, count, loadingReporter(this.#post))
  }
}
