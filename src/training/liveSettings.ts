import type { SettingChange } from '../checkpoint/runState.ts'
import type { MethodDescription } from '../methods/description.ts'
import { resolveSettings } from '../settings/parse.ts'
import type { SettingValues } from '../settings/rows.ts'

/** The settings of a run: those in effect, those that wait for the next step, and the record of all changes. */
export class LiveSettings {
  readonly #description: MethodDescription
  #active: SettingValues
  #newest: SettingValues
  #record: readonly SettingChange[]

  constructor(
    description: MethodDescription,
    settings: SettingValues,
    record: readonly SettingChange[],
  ) {
    this.#description = description
    this.#active = this.#newest = settings
    this.#record = record
  }

  /** What the last step ran with. */
  get active(): SettingValues {
    return this.#active
  }

  /** What the next step will run with. */
  get newest(): SettingValues {
    return this.#newest
  }

  /** Takes new values, made valid; those that need a restart are ignored. */
  change(values: SettingValues): void {
    const { table, constraints } = this.#description
    const isLive = ([key]: readonly [string, unknown]): boolean =>
      Object.hasOwn(table, key) && table[key]!.effect !== 'restart'
    const wanted = Object.fromEntries(Object.entries(values).filter(isLive))
    const resolved = resolveSettings(table, wanted, this.#newest, constraints).values
    const live = Object.fromEntries(Object.entries(resolved).filter(isLive))
    this.#newest = { ...this.#newest, ...live }
  }

  /** Puts the waiting values into effect with a step, and returns what that changes. */
  apply(step: number): readonly SettingChange[] {
    const changes = this.#waiting(step)
    this.#record = [...this.#record, ...changes]
    this.#active = this.#newest
    return changes
  }

  /** All changes so far, those included that wait for `next`, the next step. */
  recordBefore(next: number): readonly SettingChange[] {
    return [...this.#record, ...this.#waiting(next)]
  }

  /** The run goes back: what came into effect after `next` does so with `next`. */
  rewind(next: number): void {
    this.#record = this.#record.map((change) => ({ ...change, step: Math.min(change.step, next) }))
  }

  #waiting(step: number): SettingChange[] {
    return Object.entries(this.#newest)
      .map(([key, to]) => ({ step, key, from: this.#active[key]!, to }))
      .filter(({ from, to }) => from !== to)
  }
}
