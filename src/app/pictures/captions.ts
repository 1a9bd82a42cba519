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

/** "40 of 64 patches hidden". */
export const maskedCaption = (masked: Masked, word: string) =>
  `${masked.count} of ${counted(masked)} ${word}`

/** "64 patches", "16 blocks". */
const counted = ({ of, unit }: Masked): string => {
  const [one, many] = unit === 'block' ? ['block', 'blocks'] : ['patch', 'patches']
  return `${of} ${of === 1 ? one : many}`
}

/** One caption for all images: "40 of 64 patches hidden", or "39 to 41 of 64 patches hidden" where they differ. */
export function maskedSummary(masked: readonly Masked[], word: string): string {
  const first = masked[0]
  if (!first) return ''
  const counts = masked.map(({ count }) => count)
  const fewest = Math.min(...counts)
  const most = Math.max(...counts)
  if (fewest === most) return maskedCaption(first, word)
  return `${fewest} to ${most} of ${counted(first)} ${word}`
}

/** A column's label as it is shown: where a long word may be parted, which not every browser knows. */
export const columnText = (label: string): string =>
  label.replace('construct', 'con\u00ADstruc\u00ADt')
