import { PeekabooError } from '../../src/errors.ts'

/** The error for a file or folder that cannot be written. */
export function storageFault(path: string, cause: unknown): PeekabooError {
  return new PeekabooError(
    {
      code: 'storage',
      what: `${path} could not be written.`,
      kept: 'Files that were there are kept.',
      todo: 'Make room, or choose a folder with --out that may be written to.',
      detail: cause instanceof Error ? cause.message : String(cause),
    },
    { cause },
  )
}
