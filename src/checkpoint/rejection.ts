import { PeekabooError } from '../errors.ts'

/** Why a file is not taken, as the end of a sentence about it: "it holds no step". */
export class Unsound extends Error {
  /** What the person can do, where that is more than choosing another file. */
  readonly todo: string

  constructor(
    reason: string,
    todo = 'Choose another file; if it was copied or downloaded, fetch it once more.',
  ) {
    super(reason)
    this.todo = todo
  }
}

/** The error of a checkpoint file that is not taken: names the file and the precise reason; nothing has changed. */
export function rejection(fileName: string, unsound: Unsound): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what: `“${fileName}” was not taken: ${unsound.message}.`,
    kept: 'The present run is untouched.',
    todo: unsound.todo,
  })
}

/** “a”, “b”, “c” and 4 more: the first few names of a list. */
export function firstFew(names: readonly string[], few = 3): string {
  const shown = names.slice(0, few).map((name) => `“${name}”`)
  const left = names.length - shown.length
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
}
