import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeRun } from '../../src/checkpoint/runFile.ts'
import type { RunState } from '../../src/checkpoint/runState.ts'
import type { TableDescription } from '../../src/tables.ts'
import { makeFolder, removeFile, replaceFile, replaceJson } from '../command/files.ts'
import { KnnFile } from './knnFile.ts'
import { MetricsFile } from './metricsFile.ts'
import { TablesFile } from './tablesFile.ts'

/** From which checkpoint a run goes on. */
interface Resumed {
  readonly file: string
  readonly step: number
}

/**
 * The folder into which a run is written: `metrics.csv`, `checkpoint.safetensors`, `summary.json`, `knn.csv`,
 * `tables.csv`.
 */
export class RunFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /**
   * Makes the folder if it is not there.
   * @throws PeekabooError `storage`
   */
  static async make(path: string): Promise<RunFolder> {
    await makeFolder(path)
    return new RunFolder(path)
  }

  get checkpoint(): string {
    return join(this.path, 'checkpoint.safetensors')
  }

  /**
   * Opens `metrics.csv`. A run that goes on from this folder's own checkpoint keeps the rows up to there.
   * @param resumed file and step from which the run goes on
   * @throws PeekabooError `storage`
   */
  metrics(keys: readonly string[], resumed?: Resumed): MetricsFile {
    return new MetricsFile(join(this.path, 'metrics.csv'), keys, this.#stepToKeep(resumed))
  }

  /**
   * Opens `knn.csv`, as `metrics` does its file. A run without online k-NN has none, unless it goes on from this folder's
   * own checkpoint and had one before.
   * @param representations ids of those that are watched
   * @throws PeekabooError `storage`
   */
  async knn(
    representations: readonly string[],
    isDue: boolean,
    resumed?: Resumed,
  ): Promise<KnnFile | null> {
    const open = (path: string, keep: number) => new KnnFile(path, representations, keep)
    return this.#openWhere(isDue, 'knn.csv', resumed, open)
  }

  /**
   * Opens `tables.csv`, as `knn` does its file.
   * @param described the tables of the run
   * @param every steps between two rows of a table; 0 for none
   * @throws PeekabooError `storage`
   */
  async tables(
    described: readonly TableDescription[],
    every: number,
    resumed?: Resumed,
  ): Promise<TablesFile | null> {
    const open = (path: string, keep: number) => new TablesFile(path, described, every, keep)
    return this.#openWhere(described.length > 0 && every > 0, 'tables.csv', resumed, open)
  }

  /** @throws PeekabooError `storage` */
  async saveCheckpoint(state: RunState): Promise<void> {
    await replaceFile(this.checkpoint, await writeRun(state, new Date()))
  }

  /** @throws PeekabooError `storage` */
  async saveSummary(summary: object): Promise<void> {
    await replaceJson(join(this.path, 'summary.json'), summary)
  }

  /** Opens a file of a run that may have none; a run that goes on keeps the one that it had. */
  async #openWhere<File>(
    isDue: boolean,
    name: string,
    resumed: Resumed | undefined,
    open: (path: string, keep: number) => File,
  ): Promise<File | null> {
    const path = join(this.path, name)
    const keep = this.#stepToKeep(resumed)
    if (isDue || (keep > 0 && existsSync(path))) return open(path, keep)
    await removeFile(path)
    return null
  }

  /** Up to which step a run that goes on has its rows here. */
  #stepToKeep(resumed?: Resumed): number {
    const isOwn = resumed && resolve(resumed.file) === resolve(this.checkpoint)
    return isOwn ? resumed.step : 0
  }
}
