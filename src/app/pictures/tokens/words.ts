import { patchName } from '../patches.ts'

/** A cosine with three decimals and a true minus: "−0.120". */
export function formatCosine(value: number): string {
  const digits = Math.abs(value).toFixed(3)
  return value < 0 && Number(digits) > 0 ? `−${digits}` : digits
}

/** How much of all differences between tokens the colours show. */
export function explainedText(explained: readonly number[]): string {
  const percents = explained.map((share) => Math.round(100 * share)).join(' + ')
  const all = Math.round(100 * explained.reduce((sum, share) => sum + share, 0))
  return `Token colours: three principal components, ${percents} % of the variance, ${all} % together.`
}

/** Which patch all are compared with. */
export const chosenText = (title: string, patch: number, grid: number): string =>
  `Compared with ${title}, ${patchName(patch, grid)}. Choose any other patch.`

/** How like the chosen patch another one is. */
export const cosineText = (title: string, patch: number, grid: number, cosine: number): string =>
  `${title}, ${patchName(patch, grid)}: cosine ${formatCosine(cosine)}.`

/** Where the best match of an image is. */
export const bestText = (patch: number, grid: number, cosine: number): string =>
  `best match in ${patchName(patch, grid)}, cosine ${formatCosine(cosine)}`
