/** Times that are remembered. */
const RECENT = 31

/** The last few of many times. */
export class RecentTimes {
  readonly #times: number[] = []

  add(time: number): void {
    this.#times.push(time)
    if (this.#times.length > RECENT) this.#times.shift()
  }

  /** Their median, which one slow step does not move; null before the first. */
  get median(): number | null {
    return [...this.#times].sort((a, b) => a - b)[this.#times.length >> 1] ?? null
  }
}
