/** After so many losses of the GPU in a row the run stops. */
export const MOST_LOSSES = 3
/** A GPU that has held for so long has failed for a reason of its own, not because of the run. */
export const HELD_SECONDS = 300

/** Where the run stood when its GPU was lost. */
export interface Loss {
  /** Steps that it had made. */
  readonly step: number
  /** The step as of which it is kept. */
  readonly keptStep: number
}

/**
 * Counts losses of the GPU in a row: each before the run was kept at a step beyond those that it had reached at the
 * losses before, and before the GPU had held for `HELD_SECONDS`. So a run that goes forward at all is never given up,
 * and one that only turns in a circle soon is.
 */
export class Losses {
  readonly #now: () => number
  #count = 0
  /** The furthest step of this row. */
  #furthest = 0
  #resumed = -Infinity

  /** @param now milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** The GPU was lost. Returns how many times in a row that makes. */
  note({ step, keptStep }: Loss): number {
    const held = this.#now() - this.#resumed >= 1000 * HELD_SECONDS
    const another = this.#count === 0 || held || keptStep > this.#furthest
    this.#count = another ? 1 : this.#count + 1
    this.#furthest = another ? step : Math.max(step, this.#furthest)
    return this.#count
  }

  /** The run goes on with another GPU. */
  resumed(): void {
    this.#resumed = this.#now()
  }

  /** Forgets the row: the person wants to try again, or there is another run. */
  forget(): void {
    this.#count = 0
  }
}
