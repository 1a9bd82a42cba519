import type { Event } from '../protocol.ts'
import type { ImageAddress } from '../results.ts'

/** A small picture of an image of the data set. */
export interface Thumbnail {
  /** RGBA bytes [32, 32, 4]. */
  readonly pixels: Uint8ClampedArray
  readonly label: number
}

/** Pixels a side. */
export const THUMBNAIL_SIZE = 32
const BYTES = THUMBNAIL_SIZE * THUMBNAIL_SIZE * 4
/** Thumbnails that are kept, those used last: 16 MB. */
export const MOST_THUMBNAILS = 4000
/** Thumbnails asked for at once. */
export const THUMBNAIL_BATCH = 256

const keyOf = ({ split, index }: ImageAddress): string => `${split} ${index}`

/**
 * Thumbnails for all panels: asked for in batches when someone watches them, one batch at a time, and kept for a while.
 * Lives outside React's state; a panel subscribes to those that it shows.
 */
export class Thumbnails {
  readonly #send: (images: readonly ImageAddress[]) => void
  /** Least recently used first. */
  readonly #known = new Map<string, Thumbnail>()
  readonly #watchers = new Map<string, { image: ImageAddress; listeners: Set<() => void> }>()
  readonly #queue = new Map<string, ImageAddress>()
  #underWay = false
  #stopped = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param send asks the worker for images */
  constructor(send: (images: readonly ImageAddress[]) => void) {
    this.#send = send
  }

  /** The thumbnail, or undefined while it is not there. */
  get(image: ImageAddress): Thumbnail | undefined {
    return this.#known.get(keyOf(image))
  }

  /** Asks for those that are not there, with others that are asked for in the same moment. */
  request(images: readonly ImageAddress[]): void {
    if (this.#stopped) return
    for (const image of images) {
      const key = keyOf(image)
      const known = this.#known.get(key)
      if (known) this.#keep(key, known)
      else this.#queue.set(key, image)
    }
    this.#soon()
  }

  /** Asks for a thumbnail, and calls the listener when it is there. Returns a function that ends this. */
  watch(image: ImageAddress, listener: () => void): () => void {
    const key = keyOf(image)
    const watcher = this.#watchers.get(key) ?? { image, listeners: new Set() }
    this.#watchers.set(key, watcher)
    watcher.listeners.add(listener)
    this.request([image])
    return () => {
      watcher.listeners.delete(listener)
      if (watcher.listeners.size > 0) return
      this.#watchers.delete(key)
      // Scrolled past before it was asked for.
      this.#queue.delete(key)
    }
  }

  /** The worker has answered. What it left out it does not have. */
  receive({ images, labels, pixels }: Extract<Event, { type: 'thumbnails' }>): void {
    this.#underWay = false
    images.forEach((image, at) => {
      // A copy, so that one thumbnail does not hold the memory of its whole batch.
      const own = pixels.slice(at * BYTES, (at + 1) * BYTES)
      this.#keep(keyOf(image), { pixels: own, label: labels[at]! })
    })
    for (const image of images)
      for (const listener of this.#watchers.get(keyOf(image))?.listeners ?? []) listener()
    this.#soon()
  }

  /** There are images, or there is another worker: what is watched and missing is asked for again. */
  retry(): void {
    this.#stopped = false
    this.#underWay = false
    this.request([...this.#watchers.values()].map(({ image }) => image))
  }

  /** Nobody answers any more, until `retry`. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue.clear()
    this.#underWay = false
  }

  #keep(key: string, thumbnail: Thumbnail): void {
    this.#known.delete(key)
    this.#known.set(key, thumbnail)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_THUMBNAILS) break
      this.#known.delete(oldest)
    }
  }

  #soon(): void {
    if (this.#underWay || this.#queue.size === 0) return
    this.#timer ??= setTimeout(() => this.#flush(), 0)
  }

  #flush(): void {
    this.#timer = undefined
    const batch = [...this.#queue].slice(0, THUMBNAIL_BATCH)
    if (batch.length === 0 || this.#underWay) return
    for (const [key] of batch) this.#queue.delete(key)
    this.#underWay = true
    this.#send(batch.map(([, image]) => image))
  }
}
