import type { InteractionCurve, InteractionsResult } from '../../../results.ts'
import { formatNumber } from '../../../settings/format.ts'
import { CHANCE } from '../robustness/compare.ts'
import { othersOf, type CurveView, type Spot } from './curves.ts'

/** What the networks of a result are called. */
export const networkNames: Readonly<Record<InteractionCurve['network'], string>> = {
  trained: 'pretrained',
  untrained: 'untrained',
  supervised: 'trained on labels',
}

/** The same at the beginning of a label. */
export const networkLabel = (network: InteractionCurve['network']): string =>
  networkNames[network].replace(/^./, (first) => first.toUpperCase())

/** Accuracies so near to guessing, in percent, leave nothing to measure. */
const NEAR_CHANCE = CHANCE + 5

/** Whether a classifier is hardly better than guessing: then its rewards, and so its curve, are noise. */
export const isNoise = ({ accuracy }: Pick<InteractionCurve, 'accuracy'>): boolean =>
  accuracy < NEAR_CHANCE

/** How good the classifier of a curve is: "45.0 % right", with a warning where it only guesses. */
export const accuracyText = (curve: Pick<InteractionCurve, 'accuracy'>): string =>
  `${curve.accuracy.toFixed(1)} % right${isNoise(curve) ? ', near chance: noise' : ''}`

/** Over how many images a curve is a mean: "1 image". */
export const imagesText = ({ images }: Pick<InteractionCurve, 'images'>): string =>
  images === 1 ? '1 image' : `${formatNumber(images)} images`

/** Contexts of a pair and order in the published measurement. */
const PUBLISHED_CONTEXTS = 100

/** What one should know when one reads these results together, in sentences. */
export function notesOf(
  results: readonly InteractionsResult[],
  { estimator, scale }: CurveView,
): readonly string[] {
  const sampled = results.filter(({ exact }) => !exact)
  const fewest = Math.min(...sampled.map(({ contexts }) => contexts))
  const notes: string[] = []
  if (results.some(({ curves }) => curves.some(isNoise)))
    notes.push(
      `A classifier that is hardly better than guessing (${CHANCE} %) draws nothing from cells: its curve is noise.`,
    )
  if (estimator === 'published' && fewest < PUBLISHED_CONTEXTS)
    notes.push(
      `With ${formatNumber(fewest)} contexts for a pair and order, chance alone raises the published strength, most in the middle, where contexts differ most: exactly where the paper’s claim lies. The de-biased curve has no such floor.`,
    )
  if (estimator === 'debiased')
    notes.push(
      'De-biased: contexts are split into halves, and the root is taken of the mean product of what each half finds. It is a root mean square, so its height is not that of the published strength.',
    )
  if (new Set(results.map(measureOf)).size > 1)
    notes.push(
      'These results were measured with different cells or rewards: compare the shapes of their curves, not the heights.',
    )
  if (scale === 'relative')
    notes.push('Relative curves average to 1: where one order rises, others must fall.')
  return notes
}

const measureOf = ({ grid, reward }: InteractionsResult): string => `${grid} ${reward}`

/** Of which cells the curves are; null where they have different grids. */
export function gridOf(results: readonly InteractionsResult[]): number | null {
  const grids = new Set(results.map(({ grid }) => grid))
  return grids.size === 1 ? [...grids][0]! : null
}

/** A place on the axis: "50 % of the other cells shown (7 of 14)". */
export function placeText(x: number, grid: number | null): string {
  const share = `${formatNumber(Number((100 * x).toFixed(1)))} % of the other cells shown`
  return grid === null ? share : `${share} (${Math.round(x * othersOf(grid))} of ${othersOf(grid)})`
}

/** What stands below the axis. */
export const axisText = (grid: number | null): string =>
  grid === null
    ? 'm/(n − 2): share of the other cells that are shown'
    : `m/(n − 2): share of the other ${othersOf(grid)} of ${grid} × ${grid} cells that are shown`

/** What the first column of a table counts, and a place in it: "7 of 14", or "50 %" where grids differ. */
export const rowText = (x: number, grid: number | null): string =>
  grid === null
    ? `${formatNumber(Number((100 * x).toFixed(1)))} %`
    : `${Math.round(x * othersOf(grid))} of ${othersOf(grid)}`

/** A strength in three digits. */
export const strengthText = (value: number): string => formatNumber(Number(value.toPrecision(3)))

/** "0.95 ± 0.03", or "0.95 (0.9 to 1.1)" where it may be off by more on one side. */
export function spotText({ value, low, high }: Spot): string {
  const [below, above] = [value - low, high - value]
  if (Math.abs(below - above) > 1e-6 * Math.max(below, above))
    return `${strengthText(value)} (${strengthText(low)} to ${strengthText(high)})`
  return below > 0
    ? `${strengthText(value)} ± ${formatNumber(Number(above.toPrecision(2)))}`
    : strengthText(value)
}
