import type { RunState } from '../checkpoint/runState.ts'
import { toFault } from '../errors.ts'
import type { Event } from '../protocol.ts'
import { inspectCheckpoint } from './inspect.ts'

/** The checkpoint that the person looks at before it replaces the run. */
export class PeekedFile {
  readonly #post: (event: Event) => void
  #state: RunState | null = null

  constructor(post: (event: Event) => void) {
    this.#post = post
  }

  /** Reads a file and says what is in it, or why it is refused. */
  async peek(fileName: string, bytes: ArrayBuffer): Promise<void> {
    try {
      const { state, summary } = await inspectCheckpoint(new Uint8Array(bytes), fileName)
      this.#state = state
      this.#post({ type: 'peeked', summary })
    } catch (error) {
      this.#state = null
      this.#post({ type: 'refused', fault: toFault(error) })
    }
  }

  /** The run in the file peeked last, once; null when there is none. */
  take(): RunState | null {
    const state = this.#state
    this.#state = null
    return state
  }
}
