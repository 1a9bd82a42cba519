import { PeekabooError } from '../errors.ts'
import type { Subject } from './subject.ts'

/**
 * Checks that the network has a representation.
 * @throws PeekabooError `setting-invalid` when it has none of that id
 */
export function checkRepresentation(
  { description, settings }: Pick<Subject, 'description' | 'settings'>,
  representation: string,
): void {
  const known = description.representations(settings).map(({ id }) => id)
  if (known.includes(representation)) return
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `${description.name} has no representation “${representation}” with these settings.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: `Choose one of: ${known.join(', ')}.`,
  })
}
