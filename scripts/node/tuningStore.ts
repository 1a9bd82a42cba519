import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TuningRecord, TuningStore } from '../../src/engine/tuning/store.ts'

/** Where a system keeps what programs can do again: as an absolute path. */
export function cacheFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): string {
  const wanted = platform === 'win32' ? environment.LOCALAPPDATA : environment.XDG_CACHE_HOME
  // An empty variable counts as none.
  if (wanted !== undefined && wanted !== '') return wanted
  if (platform === 'win32') return join(home, 'AppData', 'Local')
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
}

/** Keeps what tuning found in a JSON file, by default in the user's cache folder. */
export class FileTuningStore implements TuningStore {
  readonly #path: string

  constructor(path = join(cacheFolder(), 'peekaboo', 'tuning.json')) {
    this.#path = path
  }

  async load(): Promise<unknown> {
    return JSON.parse(await readFile(this.#path, 'utf8')) as unknown
  }

  async save(record: TuningRecord): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    // Another process that reads meanwhile finds the old file or the new one, never half of it.
    const draft = `${this.#path}.${process.pid}`
    await writeFile(draft, JSON.stringify(record, null, 2))
    await rename(draft, this.#path)
  }
}
