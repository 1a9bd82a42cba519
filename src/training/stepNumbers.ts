import type { MethodDescription } from '../methods/description.ts'
import { tableSize, type TableDescription } from '../tables.ts'

/** Words of the optimiser's status that are read with the numbers: gradient norm and latch. */
export const STATUS_WORDS = 2

/** What a step has left on the GPU for the host to read. */
export interface StepNumbers {
  /** Loss or gradient were not finite: the step has changed nothing, and its other numbers mean nothing. */
  readonly diverged: boolean
  /** The method's metrics, by key. */
  readonly metrics: Readonly<Record<string, number>>
  readonly gradNorm: number
  /** Of the teacher from the student; absent where there is none. */
  readonly teacherDistance?: number
  /** The method's tables by key, row by row; absent where it has none. */
  readonly tables?: Readonly<Record<string, Float32Array>>
}

/** Where the numbers of a step lie: its metrics, the teacher's distance where there is one, its tables, the status. */
export class StepLayout {
  readonly #metrics: readonly string[]
  readonly #scalars: number
  readonly #tables: readonly TableDescription[]

  constructor(
    { metrics, hasTeacher }: Pick<MethodDescription, 'metrics' | 'hasTeacher'>,
    tables: readonly TableDescription[],
  ) {
    this.#metrics = metrics.map(({ key }) => key)
    this.#scalars = metrics.length + (hasTeacher ? 1 : 0)
    this.#tables = tables
  }

  /** Numbers before those of the status. */
  get length(): number {
    return this.#tables.reduce((sum, table) => sum + tableSize(table), this.#scalars)
  }

  /** Takes the numbers of a step apart. */
  read(numbers: Float32Array): StepNumbers {
    const [gradNorm, latch] = numbers.subarray(this.length)
    const distance = numbers.subarray(this.#metrics.length, this.#scalars)
    return {
      diverged: latch !== 0,
      metrics: Object.fromEntries(this.#metrics.map((key, at) => [key, numbers[at]!])),
      gradNorm: gradNorm!,
      ...(distance.length > 0 && { teacherDistance: distance[0]! }),
      ...(this.#tables.length > 0 && { tables: this.#tablesIn(numbers) }),
    }
  }

  #tablesIn(numbers: Float32Array): Record<string, Float32Array> {
    let at = this.#scalars
    const values = this.#tables.map((table) => {
      const from = at
      at += tableSize(table)
      return [table.key, numbers.slice(from, at)] as const
    })
    return Object.fromEntries(values)
  }
}
