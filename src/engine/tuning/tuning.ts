import { PLAIN, variantName, type Variant } from '../kernels/matmul/variants.ts'
import { candidatesFor, type AdapterTraits } from './candidates.ts'
import { quickest } from './quickest.ts'
import { classOf, workOf, type ProductShape } from './shape.ts'
import type { Stopwatch } from './stopwatch.ts'
import { loadRecord, saveEntry, versionOf, type TuningStore } from './store.ts'

/** Multiplications below which a product takes so little that its variant does not matter. */
const MIN_WORK = 2 ** 22
/** Milliseconds in which one go should end, on a software adapter and on a GPU; one class is always timed. */
const BUDGET_MS = { software: 1500, gpu: 300 }

/** What tuning works with. */
export interface TuningHost {
  /** Names the adapter and its driver. */
  readonly adapter: string
  readonly traits: AdapterTraits
  readonly stopwatch: () => Stopwatch
  /** Milliseconds. */
  readonly now: () => number
  readonly store: TuningStore | null
}

/** A class that an op asked for in vain. */
interface Wanted {
  readonly shape: ProductShape
  asked: number
}

/**
 * Which variant of the product kernels is used for which shapes on an adapter. The choice can never change a result: all
 * variants give the same bits.
 */
export class Tuning {
  readonly #host: TuningHost
  readonly #candidates: readonly Variant[]
  #knownVersion: string | null = null
  readonly #choices = new Map<string, Variant>()
  readonly #wanted = new Map<string, Wanted>()

  private constructor(host: TuningHost) {
    this.#host = host
    this.#candidates = candidatesFor(host.traits)
  }

  /** Starts with what the store holds for this adapter and these kernels. */
  static async load(host: TuningHost): Promise<Tuning> {
    const tuning = new Tuning(host)
    const entry = host.store === null ? undefined : (await loadRecord(host.store))[host.adapter]
    if (entry?.version === tuning.#version) tuning.#take(entry.choices)
    return tuning
  }

  /** The variant for a product: what was chosen for its class, else the adapter's usual one; then the class is wanted. */
  variantFor(shape: ProductShape): Variant {
    const usual = this.#candidates[0] ?? PLAIN
    const work = workOf(shape)
    if (work < MIN_WORK) return usual
    const name = classOf(shape)
    const chosen = this.#choices.get(name)
    if (chosen !== undefined) return chosen
    const wanted = this.#wanted.get(name)
    if (wanted === undefined) this.#wanted.set(name, { shape, asked: 1 })
    else wanted.asked++
    return usual
  }

  /**
   * Times the wanted classes, those with most work first, and keeps the choices. What there is no time for stays wanted.
   * Never throws: what cannot be timed keeps its usual variant.
   * @param onProgress hears how many classes of how many are done
   */
  async tuneWanted(onProgress?: (done: number, total: number) => void): Promise<void> {
    const wanted = [...this.#wanted].sort(
      ([, a], [, b]) => b.asked * workOf(b.shape) - a.asked * workOf(a.shape),
    )
    if (wanted.length === 0) return
    const { traits, now } = this.#host
    const end = now() + (traits.software ? BUDGET_MS.software : BUDGET_MS.gpu)
    const stopwatch = this.#host.stopwatch()
    // A CPU that compiles cannot compute at the same time; a GPU can.
    if (!traits.software)
      for (const [, { shape }] of wanted)
        for (const variant of this.#candidates) stopwatch.prepare(shape, variant)
    try {
      let longest = 0
      for (const [index, [name, { shape }]] of wanted.entries()) {
        onProgress?.(index, wanted.length)
        const began = now()
        if (index > 0 && began + longest >= end) break
        for (const variant of this.#candidates) stopwatch.prepare(shape, variant)
        const choice = await quickest(this.#candidates, (variant) =>
          // A device that is lost meanwhile says so itself.
          stopwatch.time(shape, variant).catch(() => null),
        )
        if (choice === null) break
        this.#choices.set(name, choice)
        this.#wanted.delete(name)
        longest = Math.max(longest, now() - began)
      }
    } finally {
      stopwatch.dispose()
    }
    onProgress?.(wanted.length, wanted.length)
    await this.#save()
  }

  get #version(): string {
    return (this.#knownVersion ??= versionOf(this.#candidates))
  }

  #take(choices: Readonly<Record<string, string>>): void {
    const variants = new Map(this.#candidates.map((variant) => [variantName(variant), variant]))
    for (const [name, choice] of Object.entries(choices)) {
      const variant = variants.get(choice)
      if (variant !== undefined) this.#choices.set(name, variant)
    }
  }

  async #save(): Promise<void> {
    const { store, adapter } = this.#host
    if (store === null) return
    const choices = Object.fromEntries(
      [...this.#choices].map(([name, variant]) => [name, variantName(variant)]),
    )
    await saveEntry(store, adapter, { version: this.#version, choices })
  }
}
