import { classNames } from '../../data/classes.ts'
import type { Strips } from '../../pictures.ts'

/** Class names of sample images by data-set index. */
export type Labels = ReadonlyMap<number, number>

/** The class of an image, or its number while the class is not known. */
export function sampleName(sample: number, labels: Labels): string {
  const label = labels.get(sample)
  return (label === undefined ? undefined : classNames[label]) ?? `#${sample}`
}

/** The class and the number of an image: "frog, image 17". */
export function sampleTitle(sample: number, labels: Labels): string {
  const name = sampleName(sample, labels)
  return name.startsWith('#') ? `image ${sample}` : `${name}, image ${sample}`
}

type Masked = Strips['masked'][number]

/** "10 of 16 blocks masked". */
export const maskedCaption = ({ count, of }: Masked) =>
  `${count} of ${of} ${of === 1 ? 'block' : 'blocks'} masked`

/** One caption for all images: "10 of 16 blocks masked", or "9 to 11 of 16 blocks masked" where they differ. */
export function maskedSummary(masked: readonly Masked[]): string {
  const first = masked[0]
  if (!first) return ''
  const counts = masked.map(({ count }) => count)
  const fewest = Math.min(...counts)
  const most = Math.max(...counts)
  if (fewest === most) return maskedCaption(first)
  return `${fewest} to ${most} of ${first.of} blocks masked`
}
