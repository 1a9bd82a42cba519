import type { InteractionCurve, InteractionsResult } from '../../results.ts'
import { measuredInteractions } from '../../store/comparison/curves.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { lookOf } from '../charts/look.ts'
import type { KeyedCurve } from '../evaluate/interactions/CurveKeys.tsx'
import { meanSpots, spotsOf, type CurveView } from '../evaluate/interactions/curves.ts'
import type { InteractionLine } from '../evaluate/interactions/InteractionsChart.tsx'
import { networkLabel, networkNames } from '../evaluate/interactions/words.ts'

/** A curve of one or several runs. */
export type ComparedCurve = InteractionLine & KeyedCurve

/** Networks that stand beside the trained ones, in this order. */
export const FLOORS = ['untrained', 'supervised'] as const
export type FloorNetwork = (typeof FLOORS)[number]

/**
 * The curves of a comparison: one a variant, the mean over its seeds with their range, and those of other networks that
 * were measured beside them. Variants that share such a network have one curve together.
 * @param floors networks besides the trained ones
 */
export function comparedCurves(
  comparison: Comparison,
  view: CurveView,
  floors: readonly FloorNetwork[],
): readonly ComparedCurve[] {
  const measured = comparison.variants.map(({ id, label }, place) => ({
    ...{ id, label, place },
    results: measuredInteractions(comparison, id),
  }))
  const trained = measured.flatMap(({ id, label, place, results }) =>
    curveOf(results, 'trained', view).map((curve) => ({
      ...{ key: id, label, ...lookOf(place), ...curve },
    })),
  )
  const others = FLOORS.filter((network) => floors.includes(network)).flatMap((network) => {
    const groups = new Map<string, { readonly labels: string[]; readonly curve: Found }>()
    for (const { label, results } of measured)
      for (const curve of curveOf(results, network, view)) {
        const same = JSON.stringify(curve)
        groups.set(same, { labels: [...(groups.get(same)?.labels ?? []), label], curve })
      }
    return [...groups.values()].map(({ labels, curve }) => {
      const label =
        groups.size === 1 ? networkLabel(network) : `${labels.join(', ')}: ${networkNames[network]}`
      return { key: `${network} ${labels[0]!}`, label, curve }
    })
  })
  return [
    ...trained,
    ...others.map(({ key, label, curve }, at) => ({
      ...{ key, label, ...lookOf(comparison.variants.length + at), ...curve },
    })),
  ]
}

type Found = Pick<ComparedCurve, 'spots' | 'curve' | 'isAdded'>

/** The curve of one network in some results; none where none of them has it. */
function curveOf(
  results: readonly InteractionsResult[],
  network: InteractionCurve['network'],
  view: CurveView,
): readonly Found[] {
  const found = results.flatMap((result) =>
    result.curves
      .filter((curve) => curve.network === network)
      .map((curve) => ({ curve, spots: spotsOf(curve, result, view) })),
  )
  if (found.length === 0) return []
  const mean = (key: 'accuracy' | 'images') =>
    found.reduce((sum, { curve }) => sum + curve[key], 0) / found.length
  return [
    {
      spots: meanSpots(found.map(({ spots }) => spots)),
      curve: { accuracy: mean('accuracy'), images: Math.round(mean('images')) },
      isAdded: false,
    },
  ]
}
