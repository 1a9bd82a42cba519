import type { EvaluationRecord, InteractionCurve, InteractionsResult } from '../../../results.ts'
import { csvLine } from '../../../store/csvLine.ts'
import { othersOf } from './curves.ts'

/** A curve with the result that it is of, and what that is called. */
export interface MeasuredCurve {
  readonly run: string
  readonly record: EvaluationRecord<InteractionsResult>
  readonly curve: InteractionCurve
}

const HEAD = [
  ...['run', 'step', 'seed', 'representation', 'network', 'accuracy', 'images', 'grid', 'reward'],
  ...['exact', 'pairs', 'contexts', 'order', 'share'],
  ...['published', 'publishedError', 'publishedRelative', 'publishedRelativeError'],
  ...['debiased', 'debiasedError', 'debiasedRelative', 'debiasedRelativeError'],
] as const

/** All numbers of some curves as a table, an order of a curve a row. Accuracies are in percent, shares from 0 to 1. */
export const writeInteractionsCsv = (curves: readonly MeasuredCurve[]): string =>
  [HEAD, ...curves.flatMap(rowsOf)].map(csvLine).join('')

function rowsOf({ run, record, curve }: MeasuredCurve) {
  const { step, seed, result } = record
  const { representation, grid, reward, exact, pairs, contexts } = result
  const { network, accuracy, images, points } = curve
  return points.map(({ order, published, debiased }) => [
    ...[run, step, seed, representation, network, accuracy, images, grid, reward],
    ...[exact, pairs, contexts, order, order / othersOf(grid)],
    ...[published, debiased].flatMap((strength) => [
      ...[strength.value, strength.error, strength.relative, strength.relativeError],
    ]),
  ])
}
