import { join, resolve } from 'node:path'
import { writeRun } from '../../src/checkpoint/runFile.ts'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { makeFolder, replaceFile, replaceJson } from '../command/files.ts'
import { MetricsFile } from './metricsFile.ts'

/** The folder into which a run is written: `metrics.csv`, `checkpoint.safetensors`, `summary.json`. */
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
  metrics(keys: readonly string[], resumed?: { file: string; step: number }): MetricsFile {
    const isOwn = resumed && resolve(resumed.file) === resolve(this.checkpoint)
    return new MetricsFile(join(this.path, 'metrics.csv'), keys, isOwn ? resumed.step : 0)
  }

  /** @throws PeekabooError `storage` */
  async saveCheckpoint(state: RunState): Promise<void> {
    await replaceFile(this.checkpoint, await writeRun(state, new Date()))
  }

  /** @throws PeekabooError `storage` */
  async saveSummary(summary: object): Promise<void> {
    await replaceJson(join(this.path, 'summary.json'), summary)
  }
}
