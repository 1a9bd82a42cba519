import { formatCosine } from '../tokens/words.ts'
import type { Agreement } from './numbers.ts'

/** What all rows and columns say together. */
export function agreementText({ same, others, found }: Agreement, images: number): string {
  const beside = Number.isNaN(others) ? '' : `, of two images ${formatCosine(others)}`
  return `Mean cosine of two views of one image ${formatCosine(same)}${beside}. ${found} of ${images} rows are most like their own image.`
}

/** What two views have to do with each other. */
export function pairText(
  row: string,
  column: string,
  isSame: boolean,
  cosine: number,
  share: number,
): string {
  const names = isSame ? `Two views of ${row}` : `${row} and ${column}`
  return `${names[0]!.toUpperCase()}${names.slice(1)}: cosine ${formatCosine(cosine)}; of its row among these images, the loss gives it ${(100 * share).toFixed(1)} %.`
}
