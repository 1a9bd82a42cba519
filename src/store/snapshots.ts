import type { RunStatus } from './session.ts'

/** A checkpoint in memory. */
export interface Snapshot {
  readonly fileName: string
  readonly bytes: ArrayBuffer
  /** Steps that are in it. */
  readonly step: number
}

/** How often a training run is kept. */
export const SNAPSHOT_SECONDS = 120
/** Snapshots at pauses are at least so far apart: large models make large files. */
export const PAUSE_SECONDS = 15

/** Keeps the latest checkpoint of the run in memory, so that a crash of the worker loses little. */
export class Snapshots {
  readonly #ask: () => void
  #kept: Snapshot | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = -Infinity

  /** `ask` asks the worker for a checkpoint. */
  constructor(ask: () => void) {
    this.#ask = ask
  }

  /** The latest checkpoint; null before the first one. */
  get kept(): Snapshot | null {
    return this.#kept
  }

  /** A checkpoint was asked for. */
  asked(): void {
    this.#asked = performance.now()
  }

  /** A checkpoint has come, or the one that is kept is of no use any more. */
  keep(snapshot: Snapshot | null): void {
    this.#kept = snapshot
  }

  /** The run's state has changed: asks now and then while it trains, and at a pause, after which nothing is lost. */
  watch({ state, step }: Pick<RunStatus, 'state' | 'step'>): void {
    this.stop()
    if (state === 'training') this.#again()
    else if (state === 'paused' && step > 0) {
      const due = this.#asked + PAUSE_SECONDS * 1000 - performance.now()
      this.#timer = setTimeout(this.#ask, Math.max(due, 0))
    }
  }

  /** Asks no more until the run's state changes. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #again(): void {
    this.#timer = setTimeout(() => {
      this.#ask()
      this.#again()
    }, SNAPSHOT_SECONDS * 1000)
  }
}
