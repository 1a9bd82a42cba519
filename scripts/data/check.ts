import { createHash } from 'node:crypto'
import { readFile, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST_FILE, parseManifest, type Manifest } from '../../src/data/manifest.ts'
import { PeekabooError } from '../../src/errors.ts'

/** What is found in the data folder: the manifest of a whole preparation, or why there is none. */
export type Finding =
  | { readonly complete: true; readonly manifest: Manifest }
  | { readonly complete: false; readonly why: string }

/**
 * Looks whether the data folder holds a whole preparation. The manifest is written last, so it stands for the rest:
 * only sizes are compared, and the sums of files that changed after it; `verify` compares every sum.
 */
export async function checkPrepared(dataDir: string, verify: boolean): Promise<Finding> {
  const path = join(dataDir, MANIFEST_FILE)
  let manifest: Manifest
  try {
    manifest = parseManifest(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof PeekabooError) return { complete: false, why: error.message }
    return { complete: false, why: 'nothing is prepared yet' }
  }
  const written = (await stat(path)).mtimeMs
  let summed = false
  for (const shard of [...manifest.shards.train, ...manifest.shards.test]) {
    const file = join(dataDir, shard.file)
    const found = await stat(file).catch(() => null)
    if (found === null) return { complete: false, why: `${shard.file} is missing` }
    if (found.size !== shard.bytes)
      return { complete: false, why: `${shard.file} has ${found.size} bytes, not ${shard.bytes}` }
    if (!verify && found.mtimeMs <= written) continue
    const sum = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    if (sum !== shard.sha256) return { complete: false, why: `${shard.file} is damaged` }
    summed = true
  }
  // Files that turned out sound, though newer than the manifest, need not be read again next time.
  if (summed) await utimes(path, new Date(), new Date())
  return { complete: true, manifest }
}
