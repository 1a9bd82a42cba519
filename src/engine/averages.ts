import type { ParameterLayout, Segment } from './parameters.ts'

/** A range of averages whose parameters lie side by side as well, in floats. */
export interface Run {
  /** Where it begins among the parameters, */
  readonly from: number
  /** and where among the averages. */
  readonly to: number
  readonly length: number
}

/** How the averages of some parameters lie in a flat buffer of their own. */
export interface AverageLayout {
  readonly segments: readonly Segment[]
  readonly runs: readonly Run[]
  /** Floats of the buffer. */
  readonly length: number
}

/** Puts the averages into the order of the parameters, without the gaps of those that have none. */
export function averagesOf(
  { segments: all, length: end }: Pick<ParameterLayout, 'segments' | 'length'>,
  averaged: (name: string) => boolean,
): AverageLayout {
  const segments: Segment[] = []
  const runs: Run[] = []
  let length = 0
  all.forEach((segment, i) => {
    const { name, offset } = segment
    if (!averaged(name)) return
    segments.push({ ...segment, offset: length })
    // Up to the beginning of the next parameter: what lies between is 0 and stays so.
    const taken = (all[i + 1]?.offset ?? end) - offset
    const last = runs.at(-1)
    if (last !== undefined && last.from + last.length === offset)
      runs[runs.length - 1] = { ...last, length: last.length + taken }
    else runs.push({ from: offset, to: length, length: taken })
    length += taken
  })
  return { segments, runs, length }
}
