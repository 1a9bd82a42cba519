import type { InteractionCurve, InteractionsResult } from '../../../results.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { lookOf } from '../../charts/look.ts'
import { curveKey, type Source } from '../reports/sources.ts'
import { spotsOf, type CurveView } from './curves.ts'
import type { InteractionLine } from './InteractionsChart.tsx'
import { networkLabel, networkNames } from './words.ts'

/** A curve that can be put beside those of the run. */
export interface OfferedCurve {
  readonly key: string
  readonly group: Source<'interactions'>['group']
  readonly name: string
  readonly record: RecordOf<'interactions'>
  readonly curve: InteractionCurve
}

/** A curve of the chart. */
export interface ShownCurve {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly dash: string
  readonly curve: InteractionCurve
  readonly result: InteractionsResult
  /** Null while it is being measured. */
  readonly record: RecordOf<'interactions'> | null
  /** It was put beside those of the run, and can be taken away. */
  readonly isAdded: boolean
}

const NETWORKS: readonly InteractionCurve['network'][] = ['trained', 'untrained', 'supervised']

/** Every curve of other results. */
export const offeredCurves = (
  sources: readonly Source<'interactions'>[],
): readonly OfferedCurve[] =>
  sources.flatMap(({ key, group, name, record }) =>
    record.result.curves.map((curve) => ({
      key: curveKey(key, curve.network),
      group,
      name: `${name}: ${networkNames[curve.network]}`,
      record,
      curve,
    })),
  )

/** What the run itself has: a result, or what there is of the one that is being measured. */
export interface OwnCurves {
  readonly result: InteractionsResult
  readonly record: RecordOf<'interactions'> | null
}

/** The curves of the run, each network always in the same look, and then those that were added, by key. */
export function shownCurves(
  own: OwnCurves | null,
  offered: readonly OfferedCurve[],
  added: readonly string[],
): readonly ShownCurve[] {
  const ownCurves = (own?.result.curves ?? []).map((curve): ShownCurve => ({
    key: curve.network,
    label: networkLabel(curve.network),
    ...lookOf(NETWORKS.indexOf(curve.network)),
    ...{ curve, result: own!.result, record: own!.record, isAdded: false },
  }))
  const others = added.flatMap((key, place): ShownCurve | readonly ShownCurve[] => {
    const found = offered.find((each) => each.key === key)
    if (!found) return []
    const { name, record, curve } = found
    return {
      key,
      label: name,
      ...lookOf(NETWORKS.length + place),
      ...{ curve, result: record.result, record, isAdded: true },
    }
  })
  return [...ownCurves, ...others]
}

/** The lines of a chart of these curves. */
export const linesOf = (
  curves: readonly ShownCurve[],
  view: CurveView,
): readonly InteractionLine[] =>
  curves.map(({ key, label, colour, dash, curve, result }) => ({
    ...{ key, label, colour, dash },
    spots: spotsOf(curve, result, view),
  }))
