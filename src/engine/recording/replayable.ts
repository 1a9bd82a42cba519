import { PeekabooError } from '../../errors.ts'
import type { Engine } from '../engine.ts'
import { tapeDifference } from './difference.ts'
import { recordTape } from './record.ts'
import { Recording } from './recording.ts'
import type { Tape } from './tape.ts'

/** Dispatches in one submit at most: a longer one would keep the screen from being drawn. */
const DISPATCHES_PER_SUBMIT = 64

/**
 * A step that is run again and again: written down in its first two runs, compared, and replayed from the third run on.
 * What differs between runs must be written into buffers that live outside the step.
 */
export class Replayable {
  readonly #engine: Engine
  readonly #encode: () => void
  #tape: Tape | null = null
  #recording: Recording | null = null

  /** @param encode encodes the step; reads nothing back, and does the same at every call */
  constructor(engine: Engine, encode: () => void) {
    this.#engine = engine
    this.#encode = encode
  }

  /** The recording, once there is one. */
  get recording(): Recording | null {
    return this.#recording
  }

  /**
   * Runs the step once and submits it.
   * @throws PeekabooError `internal` when the second run was not the same as the first: the message names the operation
   */
  run(): void {
    if (this.#recording !== null) {
      this.#recording.replay(DISPATCHES_PER_SUBMIT)
      return
    }
    const tape = recordTape(this.#engine, this.#encode)
    const before = this.#tape
    this.#tape = tape
    if (before === null) return
    const difference = tapeDifference(before, tape)
    if (difference !== null) throw notRepeatable(difference)
    this.#recording = new Recording(this.#engine, tape)
    this.#tape = null
  }

  /** Frees the recording. */
  dispose(): void {
    this.#recording?.dispose()
    this.#recording = null
  }
}

function notRepeatable(difference: string): PeekabooError {
  return new PeekabooError({
    code: 'internal',
    what: 'The training step cannot be recorded, because it does not do the same at every step.',
    kept: 'The weights after the last step are kept.',
    todo: 'Please report it with the detail below.',
    detail: difference,
  })
}
