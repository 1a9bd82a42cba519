import type { SettingValues } from '../settings/rows.ts'
import { DEFAULT_PRESET, presetValues } from '../settings/selection.ts'
import { Choices } from './choices.ts'
import { Fitting } from './fitting.ts'
import { methodOf, nearestPreset, waitsForRestart } from './form.ts'
import { addNotice, type Session, type SessionStore, withdrawNotices } from './session.ts'

/** What a method's form holds. */
type Held = Pick<Session, 'preset' | 'wanted'>

/** What the person does to the form: values that do not fit together give way, each method's form is kept. */
export class FormEdits {
  readonly #session: SessionStore
  readonly #live: (method: string, values: SettingValues) => void
  readonly #fitting = new Fitting()
  readonly #choices = new Choices()
  /** Of each method, when another one was chosen. */
  readonly #forms = new Map<string, Held>()

  /** @param live hands values of the running method to the run */
  constructor(session: SessionStore, live: (method: string, values: SettingValues) => void) {
    this.#session = session
    this.#live = live
  }

  /** Whether the form holds these values already. */
  holds(values: SettingValues): boolean {
    const { wanted } = this.#session.getState()
    return Object.entries(values).every(([key, value]) => wanted[key] === value)
  }

  /** Sets values; others follow a choice among them, or give way where they do not fit beside them, with a notice. */
  change(values: SettingValues): void {
    const before = this.#session.getState()
    const { values: fitting, texts } = this.#fitting.fit(
      before,
      this.#choices.follow(before, values),
    )
    this.#session.setState({ wanted: { ...before.wanted, ...fitting } })
    withdrawNotices(this.#session, 'repair')
    for (const text of texts) addNotice(this.#session, text, { about: 'repair' })
    this.hand(fitting)
  }

  /** Hands values of the form to the run as far as they do not wait for a restart. */
  hand(values: SettingValues): void {
    const form = this.#session.getState()
    const { method, running, crashed } = form
    if (running?.method !== method || crashed) return
    const waits = waitsForRestart(methodOf(method), form)
    this.#live(method, Object.fromEntries(Object.entries(values).filter(([key]) => !waits(key))))
  }

  /** Chooses a method, with the settings that it had before; those of the default preset at first. */
  chooseMethod(id: string): void {
    const { method, preset, wanted, running } = this.#session.getState()
    this.#forms.set(method, { preset, wanted })
    const held = this.#forms.get(id) ?? (running?.method === id ? formOf(running) : null)
    this.#show(id, held ?? presetOf(id, DEFAULT_PRESET))
  }

  /** Chooses a method and a preset: all values become those of the preset. */
  choose(method: string, preset: string): void {
    this.#show(method, presetOf(method, preset))
  }

  #show(method: string, { preset, wanted }: Held): void {
    this.#session.setState({ method, preset, wanted: {} })
    this.change(wanted)
  }
}

const presetOf = (method: string, preset: string): Held => ({
  preset,
  wanted: presetValues(methodOf(method), preset),
})

/** The form that shows what runs. */
const formOf = ({ method, values }: NonNullable<Session['running']>): Held => ({
  preset: nearestPreset(methodOf(method), values),
  wanted: values,
})
