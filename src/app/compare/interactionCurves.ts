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

/** Curves of one network by the seed's place. */
type BySeed = ReadonlyMap<number, Measured>

interface Measured {
  readonly curve: InteractionCurve
  readonly result: InteractionsResult
}

/**
 * The curves of a comparison: one a variant, the mean over its seeds with their range, and those of other networks that
 * were measured beside them. Variants whose such networks are the same, seed by seed, have one curve together.
 * @param floors networks besides the trained ones
 */
export function comparedCurves(
  comparison: Comparison,
  view: CurveView,
  floors: readonly FloorNetwork[],
): readonly ComparedCurve[] {
  const { variants } = comparison
  const bySeed = (id: string, network: InteractionCurve['network']): BySeed =>
    new Map(
      measuredInteractions(comparison, id).flatMap(({ repeat, result }) =>
        result.curves
          .filter((curve) => curve.network === network)
          .map((curve) => [repeat, { curve, result }] as const),
      ),
    )
  const trained = variants.flatMap(({ id, label }, place) => {
    const curves = bySeed(id, 'trained')
    return curves.size > 0
      ? [{ key: id, label, ...lookOf(place), ...meanOf([...curves.values()], view) }]
      : []
  })
  const others = FLOORS.filter((network) => floors.includes(network)).flatMap((network) => {
    const groups: { readonly labels: string[]; readonly curves: Map<number, Measured> }[] = []
    for (const { id, label } of variants) {
      const curves = bySeed(id, network)
      if (curves.size === 0) continue
      const group = groups.find((each) => agree(each.curves, curves))
      if (!group) groups.push({ labels: [label], curves: new Map(curves) })
      else {
        group.labels.push(label)
        for (const [repeat, curve] of curves) group.curves.set(repeat, curve)
      }
    }
    return groups.map(({ labels, curves }) => ({
      key: `${network} ${labels[0]!}`,
      label:
        groups.length === 1
          ? networkLabel(network)
          : `${labels.join(', ')}: ${networkNames[network]}`,
      ...meanOf([...curves.values()], view),
    }))
  })
  return [...trained, ...others.map((curve, at) => ({ ...curve, ...lookOf(variants.length + at) }))]
}

/** Whether curves of the same seed are the same: then networks are. */
function agree(some: BySeed, others: BySeed): boolean {
  const shared = [...some.keys()].filter((repeat) => others.has(repeat))
  return (
    shared.length > 0 &&
    shared.every(
      (repeat) =>
        JSON.stringify(some.get(repeat)!.curve) === JSON.stringify(others.get(repeat)!.curve),
    )
  )
}

/** What is drawn of the curves of several seeds, at least one. */
function meanOf(
  measured: readonly Measured[],
  view: CurveView,
): Pick<ComparedCurve, 'spots' | 'curve' | 'isAdded'> {
  const mean = (key: 'accuracy' | 'images') =>
    measured.reduce((sum, { curve }) => sum + curve[key], 0) / measured.length
  return {
    spots: meanSpots(measured.map(({ curve, result }) => spotsOf(curve, result, view))),
    curve: { accuracy: mean('accuracy'), images: Math.round(mean('images')) },
    isAdded: false,
  }
}
