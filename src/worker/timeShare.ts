/**
 * Bounds what is done beside training to a share of the time. Training earns credit, the other work spends it; credit
 * that is not used at once is lost, so that long training is not followed by long waiting.
 */
export class TimeShare {
  readonly #earned: number
  readonly #mostDebt: number
  #credit = 0

  /**
   * @param share of the time, below 1
   * @param longestWait milliseconds of training after which work may go on, however long it took before: its kernels may
   * have been compiled
   */
  constructor(share: number, longestWait: number) {
    this.#earned = share / (1 - share)
    this.#mostDebt = this.#earned * longestWait
  }

  /** Whether it is the other work's turn. */
  get isOpen(): boolean {
    return this.#credit >= 0
  }

  /** Training took so many milliseconds. */
  trained(milliseconds: number): void {
    this.#credit = Math.min(this.#credit, 0) + this.#earned * milliseconds
  }

  /** The other work took so many milliseconds of the time. */
  worked(milliseconds: number): void {
    this.#credit = Math.max(this.#credit - milliseconds, -this.#mostDebt)
  }

  /** Forgets what was worked: there is other work now. */
  reset(): void {
    this.#credit = 0
  }
}
