import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { StepMetrics } from '../../src/training/trainer.ts'
import { storageFault } from '../command/storageFault.ts'

/**
 * `metrics.csv`: a row a step, numbers with all the digits that a float32 needs to be read back exactly. Every row is
 * in the file as soon as it is added, so that a run that is killed leaves all its rows behind.
 */
export class MetricsFile {
  /** The first and last row added. */
  first: StepMetrics | null = null
  last: StepMetrics | null = null
  readonly #path: string
  readonly #file: number
  readonly #keys: readonly string[]

  /**
   * @param keep rows of an earlier file up to this step stay, if it has the same columns; for a run that goes on
   * @throws PeekabooError `storage`
   */
  constructor(path: string, keys: readonly string[], keep = 0) {
    this.#path = path
    this.#keys = keys
    const header = ['step', ...keys, 'epoch', 'seconds'].join(',')
    try {
      // Beside the old file first: rows that stay are never without a file.
      writeFileSync(`${path}.part`, [header, ...earlierRows(path, header, keep), ''].join('\n'))
      renameSync(`${path}.part`, path)
      this.#file = openSync(path, 'a')
    } catch (cause) {
      throw storageFault(path, cause)
    }
  }

  /**
   * Writes the row of a step.
   * @throws PeekabooError `storage`
   */
  add(metrics: StepMetrics): void {
    const { step, epoch, seconds, values } = metrics
    const row = [step, ...this.#keys.map((key) => values[key]!), epoch, seconds]
    try {
      writeSync(this.#file, `${row.join(',')}\n`)
    } catch (cause) {
      throw storageFault(this.#path, cause)
    }
    this.first ??= metrics
    this.last = metrics
  }

  /** Ends the file. */
  close(): void {
    closeSync(this.#file)
  }
}

/** Whole rows of steps 1 to `upTo` of the file at `path`. */
function earlierRows(path: string, header: string, upTo: number): string[] {
  if (upTo === 0 || !existsSync(path)) return []
  const [columns, ...lines] = readFileSync(path, 'utf8').split('\n')
  // What follows the last line break was broken off.
  const rows = lines.slice(0, -1)
  return columns === header ? rows.filter((row) => Number.parseInt(row) <= upTo) : []
}
