import { PeekabooError } from '../errors.ts'
import type { ImageAddress } from '../results.ts'
import type { Subject } from './subject.ts'

/**
 * Checks that an image is there.
 * @throws PeekabooError `setting-invalid` when it is not loaded
 */
export function checkLoaded(subject: Subject, { split, index }: ImageAddress): void {
  const { count } = subject[split].host
  if (Number.isInteger(index) && index >= 0 && index < count) return
  const which = split === 'train' ? 'training' : 'test'
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `There is no ${which} image ${index}: ${count.toLocaleString('en')} are loaded, counted from 0.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: `Choose an image from 0 to ${count - 1}.`,
  })
}
