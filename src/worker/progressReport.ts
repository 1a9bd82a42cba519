import type { EvaluationKind, EvaluationProgress } from '../results.ts'

/** Milliseconds between two reports of the same stage of an evaluation. */
const INTERVAL = 100

type Post = (kind: EvaluationKind, progress: EvaluationProgress | null) => void

/** What comes with a report and must not be lost where one is left out. */
type News = Pick<EvaluationProgress, 'point' | 'sofar'>

/**
 * Tells how far evaluations have come: a new stage at once, all else at a bounded rate. A curve's newest point, and what
 * has been found so far, come with the next report.
 */
export class ProgressReport {
  readonly #post: Post
  readonly #now: () => number
  readonly #shown = new Map<EvaluationKind, { readonly stage: string; readonly at: number }>()
  /** What was not told yet. */
  readonly #news = new Map<EvaluationKind, News>()

  /** @param now milliseconds */
  constructor(post: Post, now = () => performance.now()) {
    this.#post = post
    this.#now = now
  }

  /** It has come so far. */
  show(kind: EvaluationKind, progress: EvaluationProgress): void {
    const { stage, done, total, ...newest } = progress
    const news = { ...this.#news.get(kind), ...newest }
    const shown = this.#shown.get(kind)
    if (shown?.stage === stage && this.#now() - shown.at < INTERVAL) {
      this.#news.set(kind, news)
      return
    }
    this.#shown.set(kind, { stage, at: this.#now() })
    this.#news.delete(kind)
    this.#post(kind, { stage, done, total, ...news })
  }

  /** It is over. */
  end(kind: EvaluationKind): void {
    this.#shown.delete(kind)
    this.#news.delete(kind)
    this.#post(kind, null)
  }
}
