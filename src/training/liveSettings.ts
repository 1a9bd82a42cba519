import type { SettingChange } from '../checkpoint/runState.ts'
import type { MethodDescription } from '../methods/description.ts'
import { resolveSettings } from '../settings/parse.ts'
import type { Effect, SettingValues } from '../settings/rows.ts'

/**
 * The settings of a run: those in effect, those that wait for the next step, and the record of all changes. A run that
 * has gone back makes the changes that it had made before once more, each with its step, unless the person makes others.
 */
export class LiveSettings {
  readonly #description: MethodDescription
  #active: SettingValues
  #newest: SettingValues
  #record: readonly SettingChange[]
  /** Changes that were made before the run went back, by step. */
  #coming: readonly SettingChange[]

  constructor(
    description: MethodDescription,
    settings: SettingValues,
    record: readonly SettingChange[],
    coming: readonly SettingChange[] = [],
  ) {
    this.#description = description
    this.#active = settings
    this.#newest = { ...settings, ...valuesOf(coming) }
    this.#record = record
    this.#coming = coming
  }

  /** What the last step ran with. */
  get active(): SettingValues {
    return this.#active
  }

  /** What the person wants: what the next step will run with, unless changes are made once more. */
  get newest(): SettingValues {
    return this.#newest
  }

  /** The changes that have taken effect. */
  get record(): readonly SettingChange[] {
    return this.#record
  }

  /**
   * Takes new values, made valid; those that need a restart are ignored. Those of evaluations hold at once and are no
   * change of the run; all others take effect with the next step.
   */
  change(values: SettingValues): void {
    const { table, constraints } = this.#description
    const effectOf = (key: string) => (Object.hasOwn(table, key) ? table[key]!.effect : 'restart')
    const pick = (from: SettingValues, take: (effect: Effect) => boolean): SettingValues =>
      Object.fromEntries(Object.entries(from).filter(([key]) => take(effectOf(key))))
    const wanted = pick(values, (effect) => effect !== 'restart')
    const resolved = resolveSettings(table, wanted, this.#newest, constraints).values
    const evaluation = pick(resolved, (effect) => effect === 'evaluation')
    const training = pick(resolved, (effect) => effect === 'live' || effect === 'recording')
    this.#active = { ...this.#active, ...evaluation }
    this.#newest = { ...this.#newest, ...evaluation, ...training }
    if (Object.keys(wanted).some((key) => effectOf(key) !== 'evaluation')) this.#coming = []
  }

  /** Puts the waiting values into effect with a step, and returns what that changes. */
  apply(step: number): readonly SettingChange[] {
    const changes = this.changesFrom(step).filter((change) => change.step <= step)
    this.#record = [...this.#record, ...changes]
    this.#coming = this.#coming.slice(changes.length)
    this.#active = { ...this.#active, ...valuesOf(changes) }
    return changes
  }

  /** The changes that will take effect with `next`, the next step, or later. */
  changesFrom(next: number): readonly SettingChange[] {
    return this.#coming.length > 0 ? this.#coming : this.#waiting(next)
  }

  /** All changes so far, those included that wait for `next`, the next step. */
  recordBefore(next: number): readonly SettingChange[] {
    return [...this.#record, ...this.changesFrom(next).map((change) => ({ ...change, step: next }))]
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

const valuesOf = (changes: readonly SettingChange[]): SettingValues =>
  Object.fromEntries(changes.map(({ key, to }) => [key, to]))
