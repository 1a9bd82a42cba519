import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { storageFault } from '../command/storageFault.ts'

/**
 * A table whose first column is a step. Every row is in the file as soon as it is added, so that a run that is
 * killed leaves all its rows behind.
 */
export class CsvFile {
  readonly #path: string
  readonly #file: number

  /**
   * @param keep rows of an earlier file up to this step stay, if it has the same columns; for a run that goes on
   * @throws PeekabooError `storage`
   */
  constructor(path: string, columns: readonly string[], keep = 0) {
    this.#path = path
    const header = columns.join(',')
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
   * Writes a row; null leaves a field empty. Text must hold no comma, quote or line break.
   * @throws PeekabooError `storage`
   */
  add(row: readonly (number | string | null)[]): void {
    try {
      writeSync(this.#file, `${row.join(',')}\n`)
    } catch (cause) {
      throw storageFault(this.#path, cause)
    }
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
