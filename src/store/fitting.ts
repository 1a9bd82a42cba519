import { resolveSettings } from '../settings/parse.ts'
import type { SettingValues } from '../settings/rows.ts'
import { methodOf, waitsForRestart } from './form.ts'
import type { Session } from './session.ts'

type Form = Pick<Session, 'method' | 'wanted' | 'running'>

/** Values for the form, and what is to be said about those that nobody asked for. */
export interface Fitted {
  readonly values: SettingValues
  readonly texts: readonly string[]
}

/**
 * Makes values of the form fit new ones where both hold without a restart: the next step runs with them, so the form
 * shows them at once. What waits for a restart is repaired when that run begins. What gave way to a slider comes back as
 * far as it fits while the same slider moves on.
 */
export class Fitting {
  /** What has given way to the settings that were moved last, as it was before. */
  #yielded: { readonly to: string; readonly values: SettingValues } | null = null

  /** What the form becomes when these values are asked for. */
  fit(form: Form, asked: SettingValues): Fitted {
    const { table, constraints } = methodOf(form.method)
    const waits = waitsForRestart({ table }, { ...form, wanted: { ...form.wanted, ...asked } })
    const isLive = (key: string): boolean =>
      (table[key]?.effect === 'live' || table[key]?.effect === 'recording') && !waits(key)
    const pick = (values: SettingValues, take: (key: string) => boolean): SettingValues =>
      Object.fromEntries(Object.entries(values).filter(([key]) => take(key)))
    const live = pick(asked, isLive)
    const moved = Object.keys(live).join()
    if (moved === '') return { values: asked, texts: [] }
    const before = this.#yielded?.to === moved ? this.#yielded.values : {}
    const wanted = { ...form.wanted, ...before }
    // The run goes on without what waits for a restart.
    const running = form.running?.method === form.method ? form.running.values : {}
    const held = { ...form.wanted, ...asked, ...running }
    const base = { ...pick(held, (key) => !isLive(key)), ...pick(wanted, isLive) }
    const resolved = resolveSettings(table, live, base, constraints)
    const repaired = pick(
      resolved.values,
      (key) => isLive(key) && resolved.values[key] !== (asked[key] ?? wanted[key] ?? null),
    )
    const others = pick(repaired, (key) => key in wanted && !(key in asked))
    this.#yielded = {
      to: moved,
      values: { ...before, ...pick(wanted, (key) => key in others) },
    }
    const said = resolved.notices.filter(({ key }) => key in repaired)
    return { values: { ...asked, ...before, ...repaired }, texts: said.map(({ text }) => text) }
  }
}
