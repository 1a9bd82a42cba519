import { pooled, tableSize, type TableDescription, type TablesSnapshot } from '../tables.ts'
import { decodeNumbers, encodeNumbers } from './encoding.ts'

/** Most snapshots that are kept. */
export const SNAPSHOTS = 200
/** So many of the newest are kept as they came, some ten seconds of training. */
export const NEWEST = 40
/** Format of the JSON. */
const VERSION = 1

/**
 * What the tables of one run were in its course, in bounded memory: where snapshots become too many, neighbours are
 * pooled. The newest stay as they came; those before cover about as many steps each. Lives outside React's state;
 * `version` grows with every change.
 */
export class Tables {
  #version = 0
  #described: readonly TableDescription[] = []
  #snapshots: TablesSnapshot[] = []

  /** Grows with every change, so that a chart knows when to draw anew. */
  get version(): number {
    return this.#version
  }

  /** The run's tables, in the order in which they are drawn; none before the run is known. */
  get described(): readonly TableDescription[] {
    return this.#described
  }

  /** Oldest first; none tells of a step that another one tells of. */
  get snapshots(): readonly TablesSnapshot[] {
    return this.#snapshots
  }

  /** Says which tables the run has. What was restored and is not of these tables goes. */
  describe(tables: readonly TableDescription[]): void {
    this.#described = tables
    if (!this.#snapshots.every(({ values }) => fits(values, tables))) this.#snapshots = []
    this.#version++
  }

  /** Adds the tables of the steps that followed. Steps that are there already are not counted twice. */
  append(snapshot: TablesSnapshot): void {
    if (snapshot.from <= (this.#snapshots.at(-1)?.step ?? 0)) return
    this.#snapshots.push(snapshot)
    if (this.#snapshots.length > SNAPSHOTS) this.#thin()
    this.#version++
  }

  /** Forgets everything: a new run begins. */
  clear(): void {
    this.#described = []
    this.#snapshots = []
    this.#version++
  }

  /** The run has gone back: what tells of steps after `step` goes, also where it tells of earlier ones, too. */
  rewind(step: number): void {
    this.#snapshots = this.#snapshots.filter((snapshot) => snapshot.step <= step)
    this.#version++
  }

  /** All snapshots as JSON, for the checkpoint. */
  toJSON(): object {
    const sizes = Object.entries(this.#snapshots[0]?.values ?? {})
    return {
      version: VERSION,
      sizes: Object.fromEntries(sizes.map(([key, { length }]) => [key, length])),
      snapshots: this.#snapshots.map(({ from, step, values }) => ({
        from,
        step,
        values: mapValues(values, encodeNumbers),
      })),
    }
  }

  /**
   * Replaces the snapshots by what was read of such JSON; `describe` says later of which tables they must be. Returns
   * false, and leaves none, when it is not that.
   */
  restore(stored: unknown): boolean {
    this.clear()
    try {
      this.#snapshots = read(stored as Stored)
      return true
    } catch {
      return false
    }
  }

  /** Pools the two older neighbours that cover the fewest steps together. */
  #thin(): void {
    const older = this.#snapshots.slice(0, -NEWEST)
    const spans = older.slice(1).map(({ step }, before) => step - older[before]!.from)
    const at = spans.indexOf(Math.min(...spans))
    this.#snapshots.splice(at, 2, pooled(this.#described, older[at]!, older[at + 1]!))
  }
}

/** What `toJSON` wrote; read with care. */
interface Stored {
  readonly version: number
  readonly sizes: Readonly<Record<string, number>>
  readonly snapshots: readonly {
    readonly from: number
    readonly step: number
    readonly values: Readonly<Record<string, string>>
  }[]
}

function read({ version, sizes, snapshots }: Stored): TablesSnapshot[] {
  if (version !== VERSION || snapshots.length > SNAPSHOTS) throw new RangeError('not tables')
  let done = 0
  return snapshots.map(({ from, step, values }) => {
    if (!(from > done && step >= from)) throw new RangeError('the steps do not rise')
    done = step
    return {
      from,
      step,
      values: mapValues(sizes, (size, key) => decodeNumbers(values[key]!, size)),
    }
  })
}

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))

const fits = (values: TablesSnapshot['values'], tables: readonly TableDescription[]): boolean =>
  Object.keys(values).length === tables.length &&
  tables.every((table) => values[table.key]?.length === tableSize(table))
