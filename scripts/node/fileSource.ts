import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST_FILE, parseManifest } from '../../src/data/manifest.ts'
import type { ShardSource } from '../../src/data/source.ts'
import { PeekabooError } from '../../src/errors.ts'

/** Shards in a folder of this machine. */
export function fileSource(folder: string): ShardSource {
  const read = async (file: string, signal: AbortSignal | undefined) => {
    try {
      return await readFile(join(folder, file), { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw missing(join(folder, file), error)
    }
  }
  return {
    manifest: async ({ signal } = {}) =>
      parseManifest((await read(MANIFEST_FILE, signal)).toString('utf8')),
    shard: (file, { signal } = {}) => read(file, signal),
  }
}

function missing(path: string, error: unknown): PeekabooError {
  return new PeekabooError(
    {
      code: 'data-missing',
      what: 'The CIFAR-10 images are not prepared on this machine.',
      kept: 'Nothing was changed.',
      todo: 'Run `npm run data`.',
      detail: error instanceof Error ? error.message : path,
    },
    { cause: error },
  )
}
