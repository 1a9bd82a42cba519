import { toFault, type Fault } from '../../errors.ts'
import { fitted } from './fit.ts'
import type { Comparison } from './model.ts'
import type { Shelf } from './shelf.ts'
import type { CompareState, CompareStore } from './store.ts'

/** Runs that are over, of all comparisons. */
const endedRuns = ({ comparisons }: CompareState): number =>
  comparisons.flatMap(({ runs }) => runs).filter(({ outcome }) => outcome !== 'running').length

/** Changes of a comparison within so many milliseconds are written together. */
const MILLISECONDS = 400

/** Reads the comparisons of earlier visits, and from then on keeps every change. */
export class Library {
  readonly #store: CompareStore
  readonly #shelf: Shelf
  readonly #complain: (fault: Fault) => void
  /** Comparisons as they were written last, by id; null where that was in an earlier visit. */
  readonly #written = new Map<string, Comparison | null>()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** One write after the other, so that the last one wins. */
  #writing: Promise<void> = Promise.resolve()

  /** @param complain tells the person that something could not be read or written */
  constructor(store: CompareStore, shelf: Shelf, complain: (fault: Fault) => void) {
    this.#store = store
    this.#shelf = shelf
    this.#complain = complain
  }

  /** Reads what is there. Resolves when that is done, also where it was not possible. */
  async open(): Promise<void> {
    await this.#guarded(async () => {
      const [kept, aside] = await Promise.all([this.#shelf.load(), this.#shelf.loadAside()])
      const known = kept.flatMap((comparison) => fitted(comparison) ?? [])
      for (const { id } of known) this.#written.set(id, null)
      this.#store.setState(({ comparisons }) => ({
        comparisons: [...comparisons, ...known],
        aside,
      }))
    })
    this.#store.setState({ loaded: true })
    this.#store.subscribe((state, before) => this.#onChange(state, before))
    this.#later()
  }

  /** Writes at once what has changed; resolves when it is written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#write()
    return this.#writing
  }

  #onChange(state: CompareState, before: CompareState): void {
    if (state.comparisons !== before.comparisons) {
      // What a run has found in the end does not wait: the page may be gone the next moment.
      if (endedRuns(state) === endedRuns(before)) this.#later()
      else void this.flush()
    }
    // At once: it is what the person would miss most.
    if (state.aside !== before.aside)
      this.#enqueue(() => this.#shelf.saveAside(state.aside?.snapshot ? state.aside : null))
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.flush(), MILLISECONDS)
  }

  #write(): void {
    const { comparisons } = this.#store.getState()
    const present = new Set(comparisons.map(({ id }) => id))
    for (const comparison of comparisons) {
      if (this.#written.get(comparison.id) === comparison) continue
      this.#written.set(comparison.id, comparison)
      this.#enqueue(() => this.#shelf.save(comparison))
    }
    for (const id of this.#written.keys()) {
      if (present.has(id)) continue
      this.#written.delete(id)
      this.#enqueue(() => this.#shelf.remove(id))
    }
  }

  #enqueue(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(() => this.#guarded(write))
  }

  async #guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#complain(toFault(error))
    }
  }
}
