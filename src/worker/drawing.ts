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
  #request = closeUp({ maskSeed: 0 })
  #perSecond = 1
  /** The pictures on the page are no longer those of the present state. */
  #stale = false
  /** The next drawing is the first since something else was asked for: its kernels may have to be compiled. */
  #changed = true
  /** Someone moves a patch, or goes from cell to cell, and watches: this is drawn before all else. */
  #closeUpChanged = false
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
   * @returns the images that exist, with their labels; null where only the places of the same image's patches are others, or
   * another cell of the same image is looked at: these are then drawn at once, and nothing else for it; and where all that
   * has changed is that a check for leaks is wished for no more
   */
  show(request: PictureRequest, perSecond: number): { samples: number[]; labels: number[] } | null {
    const before = this.#request
    this.#request = request
    this.#perSecond = perSecond
    if (before.leak && !request.leak && same(before, request, { leak: null })) return null
    if (!onlyCloseUpDiffers(before, request)) return this.#sketcher.labels(request)
    this.#closeUpChanged = true
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
    return this.#closeUpChanged || (this.#stale && performance.now() >= this.#due)
  }

  /** What needs no network, at once. */
  preview(): Picture | null {
    return this.#sketcher.preview(this.#request)
  }

  /**
   * All pictures of the request, or those alone that someone changes by hand, where they have changed. After a failure nothing is due until others
   * are asked for.
   */
  async draw(): Promise<readonly Picture[]> {
    if (this.#closeUpChanged) {
      this.#closeUpChanged = false
      return this.#sketcher.draw(closeUp(this.#request))
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

/** A request for what someone changes by hand and watches, and nothing else. */
const closeUp = ({
  maskSeed,
  places = null,
  activations = null,
}: Pick<PictureRequest, 'maskSeed' | 'places' | 'activations'>): PictureRequest => ({
  samples: [],
  maskSeed,
  attentionSample: null,
  tokens: false,
  places,
  activations,
})

/** Whether two requests are alike but for what is replaced in both. */
const same = (a: PictureRequest, b: PictureRequest, replaced: Partial<PictureRequest>): boolean =>
  JSON.stringify({ ...a, ...replaced }) === JSON.stringify({ ...b, ...replaced })

/** Whether the same image is looked at in another way, and all else is as before. */
function onlyCloseUpDiffers(before: PictureRequest, after: PictureRequest): boolean {
  const sampleOf = ({ places, activations }: PictureRequest) =>
    places?.sample ?? activations?.sample ?? null
  const sample = sampleOf(before)
  const isSame = sample !== null && sample === sampleOf(after)
  return isSame && same(before, after, { places: null, activations: null })
}
