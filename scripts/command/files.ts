import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { PeekabooError } from '../../src/errors.ts'
import { storageFault } from './storageFault.ts'

/**
 * Makes a folder if it is not there.
 * @throws PeekabooError `storage`
 */
export async function makeFolder(path: string): Promise<void> {
  await orFault(path, () => mkdir(path, { recursive: true }))
}

/**
 * Writes a file, beside the old one first, so that a broken-off write loses nothing.
 * @throws PeekabooError `storage`
 */
export function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  return orFault(path, async () => {
    await writeFile(`${path}.part`, content)
    await rename(`${path}.part`, path)
  })
}

/**
 * Writes an object as indented JSON, as `replaceFile` does.
 * @throws PeekabooError `storage`
 */
export const replaceJson = (path: string, content: object): Promise<void> =>
  replaceFile(path, `${JSON.stringify(content, null, 2)}\n`)

/**
 * Removes a file if it is there.
 * @throws PeekabooError `storage`
 */
export const removeFile = (path: string): Promise<void> =>
  orFault(path, () => rm(path, { force: true }))

/**
 * The bytes of a checkpoint.
 * @param option the option of the command that names it, for the error
 * @throws PeekabooError `file-rejected`
 */
export async function readCheckpoint(
  file: string,
  option: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new PeekabooError(
      {
        code: 'file-rejected',
        what: `${file} could not be read.`,
        kept: 'Nothing was started.',
        todo: `Give ${option} the checkpoint.safetensors of an earlier run.`,
        detail: cause instanceof Error ? cause.message : String(cause),
      },
      { cause },
    )
  }
}

async function orFault<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    throw storageFault(path, cause)
  }
}
