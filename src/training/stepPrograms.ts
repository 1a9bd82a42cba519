import type { MethodDescription } from '../methods/description.ts'
import { StepProgram, type StepParts, type StepWishes } from './stepProgram.ts'

/** Recordings kept at most: going back to a setting that was tried before, by a slider say, costs nothing. */
const MOST_PROGRAMS = 16
/** GPU memory that recordings may hold together before the oldest go. */
const MOST_BYTES = 2 ** 30

/**
 * The step programs of a run: one for every combination of settings that changes the step's structure and of the shapes
 * and kinds of its inputs.
 */
export class StepPrograms {
  readonly #parts: StepParts
  readonly #structural: readonly string[]
  /** By key, the one used last at the end. */
  readonly #programs = new Map<string, StepProgram>()

  constructor(parts: StepParts, { table }: MethodDescription) {
    this.#parts = parts
    this.#structural = Object.keys(table).filter((key) => table[key]!.effect === 'recording')
  }

  /** The program that ran last. */
  get current(): StepProgram | null {
    return [...this.#programs.values()].at(-1) ?? null
  }

  /** Runs a step and submits it; see `StepProgram.run`. */
  run(wishes: StepWishes): Promise<() => Promise<Float32Array>> {
    const key = this.#keyOf(wishes)
    const program = this.#programs.get(key) ?? new StepProgram(this.#parts, wishes)
    this.#programs.delete(key)
    this.#programs.set(key, program)
    this.#makeRoom()
    return program.run(wishes)
  }

  /** Frees all programs. */
  dispose(): void {
    for (const program of this.#programs.values()) program.dispose()
    this.#programs.clear()
  }

  #keyOf({ settings, inputs }: Pick<StepWishes, 'settings' | 'inputs'>): string {
    const structure = this.#structural.map((key) => settings[key])
    const shapes = Object.entries(inputs).map(([name, { shape, data }]) => {
      const isPacked = data instanceof Uint8Array
      return [name, shape, isPacked]
    })
    return JSON.stringify([structure, shapes])
  }

  #makeRoom(): void {
    for (const [key, program] of this.#programs) {
      const bytes = [...this.#programs.values()].reduce((sum, { bytes: held }) => sum + held, 0)
      const tooMany = this.#programs.size > MOST_PROGRAMS || bytes > MOST_BYTES
      if (!tooMany || this.#programs.size === 1) return
      program.dispose()
      this.#programs.delete(key)
    }
  }
}
