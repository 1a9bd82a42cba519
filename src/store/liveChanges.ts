import { methodOf } from './form.ts'
import type { SettingValue, SettingValues } from '../settings/rows.ts'

/** A moving slider's values are sent together, at most so often. */
const MILLISECONDS = 40

/** Collects changes of live settings and sends them a few times a second, so that a drag is no flood. */
export class LiveChanges {
  readonly #send: (values: SettingValues) => void
  #values: Record<string, SettingValue> = {}
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (values: SettingValues) => void) {
    this.#send = send
  }

  /** Takes those of the values that may change while the method runs. */
  add(method: string, values: SettingValues): void {
    const { table } = methodOf(method)
    for (const [key, value] of Object.entries(values))
      if (table[key] && table[key].effect !== 'restart') this.#values[key] = value
    if (Object.keys(this.#values).length > 0)
      this.#timer ??= setTimeout(() => this.#flush(), MILLISECONDS)
  }

  /** Forgets what has not been sent. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#values = {}
  }

  #flush(): void {
    const values = this.#values
    this.clear()
    this.#send(values)
  }
}
