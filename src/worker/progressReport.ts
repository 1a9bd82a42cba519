import type { EvaluationKind, EvaluationProgress } from '../results.ts'

/** Milliseconds between two reports of an evaluation. */
const INTERVAL = 100

type Post = (kind: EvaluationKind, progress: EvaluationProgress | null) => void

/** Tells how far evaluations have come, at a bounded rate; a curve's newest point comes with the next report. */
export class ProgressReport {
  readonly #post: Post
  readonly #now: () => number
  readonly #shown = new Map<EvaluationKind, number>()
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
    if (this.#now() - (this.#shown.get(kind) ?? -Infinity) < INTERVAL) {
      if (point) this.#points.set(kind, point)
      return
    }
    this.#shown.set(kind, this.#now())
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
