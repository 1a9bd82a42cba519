import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeRun } from '../../src/checkpoint/runFile.ts'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { makeFolder, removeFile, replaceFile, replaceJson } from '../command/files.ts'
import { KnnFile } from './knnFile.ts'
import { MetricsFile } from './metricsFile.ts'

/** From which checkpoint a run goes on. */
interface Resumed {
  readonly file: string
  readonly step: number
}

/** The folder into which a run is written: `metrics.csv`, `checkpoint.safetensors`, `summary.json`, `knn.csv`. */
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
    const path = join(this.path, 'knn.csv')
    const keep = this.#stepToKeep(resumed)
    if (isDue || (keep > 0 && existsSync(path))) return new KnnFile(path, representations, keep)
    await removeFile(path)
    return null
  }

  /** @throws PeekabooError `storage` */
  async saveCheckpoint(state: RunState): Promise<void> {
    await replaceFile(this.checkpoint, await writeRun(state, new Date()))
  }

  /** @throws PeekabooError `storage` */
  async saveSummary(summary: object): Promise<void> {
    await replaceJson(join(this.path, 'summary.json'), summary)
  }

  /** Up to which step a run that goes on has its rows here. */
  #stepToKeep(resumed?: Resumed): number {
    const isOwn = resumed && resolve(resumed.file) === resolve(this.checkpoint)
    return isOwn ? resumed.step : 0
  }
}
