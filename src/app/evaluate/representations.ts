import { recommendedFor, type Representation } from '../../methods/description.ts'
import type { EvaluationKind } from '../../results.ts'

/** Whether the method's paper takes this representation for that evaluation. */
export const isOfPaper = ({ recommendedFor }: Representation, kind: EvaluationKind): boolean =>
  recommendedFor?.includes(kind) ?? false

/**
 * The representation that an evaluation takes: the one that the person chose for it, else the paper's choice, else the
 * method's first. A choice that the method does not have counts as none.
 */
export const representationFor = (
  representations: readonly Representation[],
  kind: EvaluationKind,
  chosen: string | undefined,
): Representation =>
  representations.find(({ id }) => id === chosen) ?? recommendedFor(representations, kind)

/** A part of the picker. */
export interface RepresentationGroup {
  readonly group: string
  readonly items: { readonly value: string; readonly label: string }[]
}

const networkNames: Readonly<Record<Representation['network'], string>> = {
  encoder: 'Encoder',
  student: 'Student',
  teacher: 'Teacher',
}

/** What can be picked for an evaluation: by network where there are several, else what is watched and what is inside. */
export function representationGroups(
  representations: readonly Representation[],
  kind: EvaluationKind,
): RepresentationGroup[] {
  const isOne = new Set(representations.map(({ network }) => network)).size === 1
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const representation of representations) {
    const { id, label, network, online } = representation
    const alone = online ? 'Representations' : 'Inside the network'
    const group = isOne ? alone : networkNames[network]
    const item = {
      value: id,
      label: isOfPaper(representation, kind) ? `${label} (the paper’s choice)` : label,
    }
    groups.set(group, [...(groups.get(group) ?? []), item])
  }
  return [...groups].map(([group, items]) => ({ group, items }))
}
