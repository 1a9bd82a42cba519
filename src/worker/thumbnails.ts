import { IMAGE_SIZE, type ImageSet } from '../data/images.ts'
import { splitRecords, type Split } from '../data/official.ts'
import { toFault, type Fault } from '../errors.ts'
import { paint, samplePainter } from '../methods/painting.ts'
import type { Event } from '../protocol.ts'
import type { ImageAddress } from '../results.ts'
import type { Images } from './images.ts'

/** RGBA bytes of an image. */
const BYTES = 4 * IMAGE_SIZE * IMAGE_SIZE

/** Answers requests for images. */
export class Thumbnails {
  readonly #images: Images
  readonly #post: (event: Event, transfer?: Transferable[]) => void
  /** That there are no test images was said; not again with every image. */
  #isComplained = false

  constructor(images: Images, post: (event: Event, transfer?: Transferable[]) => void) {
    this.#images = images
    this.#post = post
  }

  /** Posts the images that are there; test images are loaded if need be. Never rejects. */
  async answer(wanted: readonly ImageAddress[]): Promise<void> {
    await this.#loadTest(wanted)
    const images = wanted.filter(({ split, index }) => {
      const count = this.#set(split)?.count ?? 0
      return Number.isInteger(index) && index >= 0 && index < count
    })
    const pixels = new Uint8ClampedArray(images.length * BYTES)
    images.forEach(({ split, index }, at) =>
      pixels.set(paint(samplePainter(this.#set(split)!, index)), at * BYTES),
    )
    const labels = images.map(({ split, index }) => this.#set(split)!.labels[index]!)
    this.#post({ type: 'thumbnails', images, labels, pixels }, [pixels.buffer])
  }

  async #loadTest(wanted: readonly ImageAddress[]): Promise<void> {
    const indices = wanted.filter(({ split }) => split === 'test').map(({ index }) => index)
    const count = Math.min(Math.max(...indices, -1) + 1, splitRecords.test)
    if (count < 1 || !Number.isInteger(count)) return
    try {
      await this.#images.test.load(count)
      this.#isComplained = false
    } catch (error) {
      this.#complain(toFault(error))
    }
  }

  #complain(fault: Fault): void {
    if (!this.#isComplained) this.#post({ type: 'fault', fault })
    this.#isComplained = true
  }

  #set(split: Split): ImageSet | null {
    return split === 'train' ? this.#images.host : this.#images.test.host
  }
}
