import type { Representation } from '../../methods/description.ts'
import type { EvaluationProgress } from '../../results.ts'

/** A difference of accuracies for people: "+6.1 points", "−0.4 points", "0.0 points". */
export function pointsText(difference: number): string {
  const size = Math.abs(difference).toFixed(1)
  const sign = Number(size) === 0 ? '' : difference > 0 ? '+' : '−'
  return `${sign}${size} points`
}

/** Whether an accuracy is above another one, as far as the digits tell that are shown. */
export function standing(accuracy: number, other: number): 'above' | 'below' | 'level' {
  if (Math.abs(accuracy - other) < 0.05) return 'level'
  return accuracy > other ? 'above' : 'below'
}

/** How an accuracy stands to another one: "6.1 points above raw pixels". */
export function comparison(accuracy: number, other: number, name: string): string {
  const stands = standing(accuracy, other)
  if (stands === 'level') return `level with ${name}`
  return `${Math.abs(accuracy - other).toFixed(1)} points ${stands} ${name}`
}

/** What a representation is called; its id where the method has none of that name (a result of another network). */
export const labelOf = (representations: readonly Representation[], id: string): string =>
  representations.find((representation) => representation.id === id)?.label ?? id

/** Percent of each row of a confusion table, by [true class][predicted class]; 0 for a class without images. */
export const rowShares = (confusion: readonly (readonly number[])[]): readonly number[][] =>
  confusion.map((row) => {
    const images = row.reduce((sum, count) => sum + count, 0)
    return row.map((count) => (images === 0 ? 0 : (100 * count) / images))
  })

/** How far an evaluation has come, in words: "Features of the bank, 40 %". */
export const progressText = (progress: EvaluationProgress | 'waiting'): string =>
  progress === 'waiting'
    ? 'Waits for its turn…'
    : `${progress.stage}, ${Math.floor((100 * progress.done) / Math.max(progress.total, 1))} %`
