import type { EvaluationKind, EvaluationProgress } from '../results.ts'

/** Milliseconds between two reports of the same stage of an evaluation. */
const INTERVAL = 100

type Post = (kind: EvaluationKind, progress: EvaluationProgress | null) => void

/**
 * Tells how far evaluations have come: a new stage at once, all else at a bounded rate. A curve's newest point comes with
 * the next report.
 */
export class ProgressReport {
  readonly #post: Post
  readonly #now: () => number
  readonly #shown = new Map<EvaluationKind, { readonly stage: string; readonly at: number }>()
  /** Points that were not told yet. */
  readonly #points = new Map<EvaluationKind, NonNullable<EvaluationProgress['point']>>()

  /** @param now milliseconds */
  constructor(post: Post, now = () => performance.now()) {
    this.#post = post
    this.#now = now
  }

  /** It has come so far. */
  show(kind: EvaluationKind, progress: EvaluationProgress): void {
    const point = progress.point ?? this.#points.get(kind)
    const { stage } = progress
    const shown = this.#shown.get(kind)
    if (shown?.stage === stage && this.#now() - shown.at < INTERVAL) {
      if (point) this.#points.set(kind, point)
      return
    }
    this.#shown.set(kind, { stage, at: this.#now() })
    this.#points.delete(kind)
    this.#post(kind, point ? { ...progress, point } : progress)
  }

  /** It is over. */
  end(kind: EvaluationKind): void {
    this.#shown.delete(kind)
    this.#points.delete(kind)
    this.#post(kind, null)
  }
}
