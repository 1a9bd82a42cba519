import type { ImageSet } from '../data/images.ts'
import { PeekabooError } from '../errors.ts'
import { CLASSES } from './classification.ts'

/**
 * The classes of the first `count` images.
 * @param whose for the message: 'training images'
 * @throws PeekabooError `setting-invalid` when there are no images, or not all of them have one of the ten classes
 */
export function labelsOf(images: ImageSet, count: number, whose: string): Uint8Array {
  const labels = images.labels.subarray(0, count)
  if (count > 0 && labels.length === count && labels.every((label) => label < CLASSES))
    return labels
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `There are no labels for the ${whose}, and a classifier needs one of ${CLASSES} classes for every image.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Load CIFAR-10 with its labels, and evaluate again.',
  })
}
