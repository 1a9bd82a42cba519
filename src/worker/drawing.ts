import type { Picture, PictureRequest } from '../pictures.ts'
import type { Sketcher } from '../training/sketcher.ts'

/** Drawing takes at most one part in this many of the time, within the longest waits. */
const DRAWING_SHARE = 4
/** Milliseconds between two drawings at most where kernels may have been compiled for the first, which took longer then. */
const LONGEST_WAIT_AFTER_CHANGE = 8000
/** The same otherwise: the computer may have slept during the first. */
const LONGEST_WAIT = 120_000

/** Who draws. */
export type Sketches = Pick<Sketcher, 'labels' | 'preview' | 'draw'>

/** The pictures that the page wants of a run: what to draw, and when. */
export class Drawing {
  #sketcher: Sketches
  #request = placesAlone({ maskSeed: 0 })
  #perSecond = 1
  /** The pictures on the page are no longer those of the present state. */
  #stale = false
  /** The next drawing is the first since something else was asked for: its kernels may have to be compiled. */
  #changed = true
  /** Someone moves a patch and watches: the places are drawn before all else. */
  #placesChanged = false
  /** When pictures may be drawn again, in `performance.now()` time. */
  #due = 0

  constructor(sketcher: Sketches) {
    this.#sketcher = sketcher
  }

  /** Goes on with a run that is on another GPU. */
  use(sketcher: Sketches): void {
    this.#sketcher = sketcher
    this.hurry()
  }

  /**
   * What to draw from now on, and how often while training.
   * @returns the images that exist, with their labels; null where only the places of the same image's patches are others:
   * these are then drawn at once, and nothing else for it
   */
  show(request: PictureRequest, perSecond: number): { samples: number[]; labels: number[] } | null {
    const before = this.#request
    this.#request = request
    this.#perSecond = perSecond
    if (!onlyPlacesDiffer(before, request)) return this.#sketcher.labels(request)
    this.#placesChanged = true
    return null
  }

  /** The run is another than that of the pictures. */
  outdate(): void {
    this.#stale = true
  }

  /** What is outdated is drawn as soon as possible. */
  expedite(): void {
    this.#due = 0
  }

  /** Something else is to be drawn, as soon as possible. */
  hurry(): void {
    this.#changed = true
    this.outdate()
    this.expedite()
  }

  /** Whether it is time to draw. */
  get isDue(): boolean {
    return this.#placesChanged || (this.#stale && performance.now() >= this.#due)
  }

  /** What needs no network, at once. */
  preview(): Picture | null {
    return this.#sketcher.preview(this.#request)
  }

  /**
   * All pictures of the request, or its places alone where they have changed. After a failure nothing is due until others
   * are asked for.
   */
  async draw(): Promise<readonly Picture[]> {
    if (this.#placesChanged) {
      this.#placesChanged = false
      return this.#sketcher.draw(placesAlone(this.#request))
    }
    const started = performance.now()
    this.#stale = false
    this.#due = Infinity
    const longestWait = this.#changed ? LONGEST_WAIT_AFTER_CHANGE : LONGEST_WAIT
    this.#changed = false
    const pictures = await this.#sketcher.draw(this.#request)
    const share = Math.min(DRAWING_SHARE * (performance.now() - started), longestWait)
    // What was asked for meanwhile is drawn at once.
    this.#due = Math.min(this.#due, started + Math.max(1000 / this.#perSecond, share))
    return pictures
  }
}

/** A request for the places of patches and nothing else. */
const placesAlone = ({
  maskSeed,
  places = null,
}: Pick<PictureRequest, 'maskSeed' | 'places'>): PictureRequest => ({
  samples: [],
  maskSeed,
  attentionSample: null,
  tokens: false,
  places,
})

/** Whether the same image's patches are to be shown in other places, and all else is as before. */
function onlyPlacesDiffer(before: PictureRequest, after: PictureRequest): boolean {
  if (!before.places || before.places.sample !== after.places?.sample) return false
  const rest = (request: PictureRequest) => JSON.stringify({ ...request, places: null })
  return rest(before) === rest(after)
}
