import type { RunState } from '../checkpoint/runState.ts'
import type { Weights } from './weights.ts'

/** Seconds between two copies at least. */
const SECONDS = 10
/** Larger models are copied less often: copying takes no more than so many bytes a second. */
const BYTES_PER_SECOND = 20e6

/** A run but for its weights: what the host knows anyway. */
export type RunRecord = Omit<RunState, keyof Weights>

/** A copy of the weights on its way to the host. */
export interface Copy {
  /** The step of which it is has turned out well: once the copy is there, it replaces the one kept so far. */
  readonly keep: (record: RunRecord) => Promise<void>
}

/**
 * Keeps a run as it was a few seconds ago on the host, so that the loss of the GPU costs no more than these. A copy is
 * taken within the queue and arrives while training goes on; what was kept before stays until the new one is whole.
 */
export class Keeper {
  readonly #read: () => Promise<Weights>
  readonly #interval: number
  readonly #now: () => number
  #kept: RunState | null
  #due: number
  #copying = false

  /**
   * @param kept the state in which the run begins, if it is not a new one
   * @param read reads the weights: all as they are at the call
   * @param bytes of the weights
   * @param now milliseconds
   */
  constructor(
    kept: RunState | null,
    read: () => Promise<Weights>,
    bytes: number,
    now = () => performance.now(),
  ) {
    this.#kept = kept
    this.#read = read
    this.#interval = 1000 * Math.max(SECONDS, bytes / BYTES_PER_SECOND)
    this.#now = now
    this.#due = now() + this.#interval
  }

  /** The latest state that is whole on the host; null before the first one of a new run. */
  get kept(): RunState | null {
    return this.#kept
  }

  /** Whether it is time for the next copy. */
  get isDue(): boolean {
    return !this.#copying && this.#now() >= this.#due
  }

  /** Begins to copy the weights as they are in the queue now. A copy that fails, or that nobody keeps, changes nothing. */
  copy(): Copy {
    this.#copying = true
    const arrival = this.#read().catch(() => null)
    void arrival.then(() => {
      this.#copying = false
      this.#due = this.#now() + this.#interval
    })
    return {
      keep: async (record) => {
        const weights = await arrival
        if (weights !== null) this.take({ ...record, ...weights })
      },
    }
  }

  /** Keeps a state that was read for another reason. */
  take(state: RunState): void {
    this.#kept = state
  }
}
