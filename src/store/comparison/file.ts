import { PeekabooError } from '../../errors.ts'
import { isComparison } from './check.ts'
import { fitted } from './fit.ts'
import type { Comparison } from './model.ts'

/** Says what the file is; anything else is refused. */
const FORMAT = 'peekaboo-comparison'
/** The version of its layout that is known here. */
const VERSION = 1
/** A comparison holds some hundred kilobytes at most; a larger file is something else. */
export const COMPARISON_BYTES = 20_000_000

/** A comparison as the text of a file. */
export const writeComparison = (comparison: Comparison): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, comparison }, null, 1)}\n`

/**
 * Reads a comparison from the text of a file; a run that was under way when it was written was interrupted. Throws a
 * PeekabooError `file-rejected` for anything that is not whole.
 */
export function readComparison(fileName: string, text: string): Comparison {
  const content = parse(text)
  if (content?.format !== FORMAT)
    throw refused(
      `${fileName} is not a comparison of Peekaboo.`,
      'Choose a .json file that was saved with “Export JSON” in the Compare tab.',
    )
  if (content.version !== VERSION)
    throw refused(
      `${fileName} was written by another version of Peekaboo.`,
      'Open it with the version that wrote it.',
    )
  const { comparison } = content
  if (!isComparison(comparison))
    throw refused(
      `${fileName} is damaged: its comparison is not whole.`,
      'Choose another file, or export the comparison again.',
    )
  const fitting = fitted(comparison)
  if (!fitting)
    throw refused(
      `${fileName} compares runs of a method that is not known here.`,
      'Open it with a version of Peekaboo that has the method.',
    )
  return fitting
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? (content as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}

const refused = (what: string, todo: string) =>
  new PeekabooError({
    code: 'file-rejected',
    what,
    kept: 'The comparisons on this page are unchanged.',
    todo,
  })
