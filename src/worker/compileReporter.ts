import type { CompileProgress } from '../engine/compile.ts'
import type { Event } from '../protocol.ts'

/** What takes less is not worth a word. */
const SHORT_MILLISECONDS = 300
/** Between two words. */
const INTERVAL_MILLISECONDS = 100

/** Turns the progress of compiling into `compiling` events: calmly, and not at all when it is done at once. */
export class CompileReporter {
  readonly #post: (event: Event) => void
  #latest: CompileProgress | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown = false

  constructor(post: (event: Event) => void) {
    this.#post = post
  }

  /** It has come so far. */
  report(progress: CompileProgress): void {
    if (progress.done >= progress.total) {
      this.end()
      return
    }
    this.#latest = progress
    this.#timer ??= setTimeout(
      () => this.#show(),
      this.#shown ? INTERVAL_MILLISECONDS : SHORT_MILLISECONDS,
    )
  }

  /** It is done, or nothing comes of it any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#shown) this.#post({ type: 'compiling', progress: null })
    this.#shown = false
  }

  #show(): void {
    this.#timer = undefined
    this.#shown = true
    this.#post({ type: 'compiling', progress: this.#latest })
  }
}
