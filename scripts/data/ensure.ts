import { fileURLToPath } from 'node:url'
import { prepareData, type Prepared } from './prepare.ts'
import { progressOn } from './progress.ts'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Folder of this project's shards and manifest; the app is served with it as `data/`. */
export const dataDir = inProject('public/data')
/** Folder of what was fetched; may be deleted at any time. */
export const cacheDir = inProject('.cache')

/**
 * Prepares CIFAR-10 for this project if need be, with progress on stderr. Every command calls it before it uses data.
 * @param options.verify compare the sums of all files, not just their sizes
 * @throws PeekabooError as `prepareData` does.
 */
export async function ensureData(options: { verify?: boolean } = {}): Promise<Prepared> {
  const progress = progressOn(process.stderr)
  try {
    return await prepareData({ ...options, dataDir, cacheDir, onProgress: progress.update })
  } finally {
    progress.end()
  }
}
