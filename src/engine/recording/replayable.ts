import type { Engine } from '../engine.ts'
import { compilePipelines } from './compile.ts'
import { tapeDifference } from './difference.ts'
import { recordTape, unrecordable } from './record.ts'
import { Recording, type ReplayOptions } from './recording.ts'
import type { Tape } from './tape.ts'

/**
 * A step that is written once, in plain tfjs, and replayed from then on. It is recorded twice, and both recordings must
 * be the same. What differs between runs must be written into buffers that live outside the step.
 */
export class Replayable {
  readonly #engine: Engine
  readonly #encode: () => void
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
   * Records the step and compiles its kernels, unless that is done; nothing of the step happens on the GPU.
   * @throws PeekabooError `internal` when the step cannot be repeated: the message names the operation; `gpu-error` when
   * a kernel does not compile
   */
  async prepare(): Promise<Recording> {
    this.#recording ??= new Recording(this.#engine, await this.#record())
    return this.#recording
  }

  /** Does the step once. Throws as `prepare`. */
  async run(options?: ReplayOptions): Promise<void> {
    const recording = this.#recording ?? (await this.prepare())
    recording.replay(options)
  }

  /** Frees the recording. */
  dispose(): void {
    this.#recording?.dispose()
    this.#recording = null
  }

  async #record(): Promise<Tape> {
    const draft = recordTape(this.#engine, this.#encode)
    // Recording is how the products that the step needs become known; with other variants it is another tape.
    const first = (await this.#tune()) ? recordTape(this.#engine, this.#encode) : draft
    await compilePipelines(this.#engine, first)
    const tape = recordTape(this.#engine, this.#encode)
    const difference = tapeDifference(first, tape)
    if (difference !== null) throw unrecordable(difference, 'in two recordings of it')
    return tape
  }

  /** Finds the best variants for the products that were asked for; true when there were any. */
  async #tune(): Promise<boolean> {
    let tuned = false
    await this.#engine.tuning.tuneWanted((done, total) => {
      tuned = true
      this.#engine.reportCompile({ stage: 'tuning', done, total })
    })
    this.#engine.check()
    return tuned
  }
}
