import type { PlacesWish } from '../../../pictures.ts'
import type { Claims, CorruptorPlan } from '../corruptor.ts'

/** Patches that are shown, and the cells that they claim: all that a network is told of places. */
export type Arrangement = Pick<Claims, 'real' | 'claimed'>

/**
 * Tokens as someone has arranged them; null for what is no arrangement: no tokens, cells that there are not, a patch that is
 * shown twice. Two patches may claim one cell.
 */
export function arrangementOf(
  tokens: PlacesWish['tokens'],
  { cells }: Pick<CorruptorPlan, 'cells'>,
): Arrangement | null {
  if (tokens === null) return null
  const { real, claimed } = tokens
  const isCell = (cell: number): boolean => Number.isInteger(cell) && cell >= 0 && cell < cells
  const fits =
    real.length > 0 &&
    real.length === claimed.length &&
    real.every(isCell) &&
    claimed.every(isCell) &&
    new Set(real).size === real.length
  return fits ? { real: Uint16Array.from(real), claimed: Uint16Array.from(claimed) } : null
}
