import type { ActivationsPicture } from '../../../pictures.ts'
import { formatValue } from '../../charts/axes.ts'
import { patchName } from '../patches.ts'

/** What is looked at: "The cell in row 2, column 3, which is hidden". */
export function lookText({ cell, grid, hidden }: ActivationsPicture): string {
  if (cell === null) {
    const count = hidden.reduce((sum, isHidden) => sum + isHidden, 0)
    return `All ${count} hidden cells`
  }
  return `The cell in ${patchName(cell, grid)}, which is ${hidden[cell] === 1 ? 'hidden' : 'visible'}`
}

/** The least and the largest of some values: "−0.21 to 1.3". */
export function rangeText(values: Float32Array): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
    formatValue(Number(value.toPrecision(2))).replace(/^-/, '−'),
  )
  return `${least} to ${most}`
}
