import type { Driver } from './driver.ts'
import type { SessionStore } from './session.ts'

/** Who drives the run: the person, or a driver in their place until it lets go or the person takes over. */
export class Wheel {
  readonly #session: SessionStore
  #driver: Driver | null = null
  /** What the person wants to do to a run that is driven, until they have said whether they take over. */
  #wishes: (() => void)[] = []

  constructor(session: SessionStore) {
    this.#session = session
  }

  /** Null while the person drives. */
  get driver(): Driver | null {
    return this.#driver
  }

  /** Gives the run to a driver. */
  give(driver: Driver): void {
    this.#driver = driver
  }

  /** Does what the person wants; while someone else drives, once they have said that they take over. */
  byHand(wish: () => void): void {
    if (!this.#driver) {
      wish()
      return
    }
    this.#wishes.push(wish)
    this.#session.setState({ dialog: 'takeover' })
  }

  /** The person takes over, and what they wanted is done. */
  takeOver(): void {
    const wishes = this.#wishes
    this.#driver?.yield()
    for (const wish of wishes) wish()
  }

  /** The person lets the driver drive on. */
  leave(): void {
    this.#wishes = []
    this.#session.setState({ dialog: null })
  }

  /** The driver gives the run back as it stands. */
  letGo(): void {
    this.#driver = null
    this.#wishes = []
    this.#session.setState(({ dialog }) => ({
      driving: null,
      dialog: dialog === 'takeover' ? null : dialog,
    }))
  }
}
