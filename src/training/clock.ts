/** Weight of the newest step in the running mean of the step time. */
const WEIGHT = 0.1

/** Time spent on training, told from the moments at which steps begin and end. */
export class TrainingClock {
  /** Seconds of training. */
  seconds: number
  readonly #now: () => number
  #steps = 0
  #ended = -Infinity
  /** Running mean of the seconds of a step. */
  #mean = 0

  /** @param seconds of training so far, @param now milliseconds */
  constructor(seconds: number, now = () => performance.now()) {
    this.seconds = seconds
    this.#now = now
  }

  /** This moment, for `stepEnded`. */
  now(): number {
    return this.#now()
  }

  /** A step that began at `began` has ended. Steps overlap; only the time since the last one ended is its own. */
  stepEnded(began: number): void {
    const now = this.#now()
    const took = (now - Math.max(began, this.#ended)) / 1000
    this.#ended = now
    this.seconds += took
    // The first step also compiles the kernels, so the second one starts the mean anew.
    this.#mean += (this.#steps < 2 ? 1 : WEIGHT) * (took - this.#mean)
    this.#steps++
  }

  /** Steps a second, averaged over the last steps; 0 before the first. */
  get rate(): number {
    return this.#mean > 0 ? 1 / this.#mean : 0
  }
}
