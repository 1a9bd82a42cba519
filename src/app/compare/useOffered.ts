import { useEffect, useState } from 'react'
import type { Comparison, MethodDescription } from '../../methods/description.ts'
import { suggested } from '../../store/comparison/plan.ts'

/** What a method offers to compare, with ids. */
export type Offered = readonly (readonly [id: string, comparison: Comparison])[]

/** Those that have been loaded, by method. */
const known = new Map<string, Offered>()
const NONE: Offered = []

/** The comparisons that a method offers; none before they have been loaded. */
export function useOffered({ id, comparisons }: MethodDescription): Offered {
  const [, setLoaded] = useState(NONE)
  useEffect(() => {
    if (known.has(id)) return
    void comparisons?.().then((offered) => {
      known.set(id, Object.entries(offered.comparisons))
      setLoaded(known.get(id)!)
    })
  }, [id, comparisons])
  return known.get(id) ?? NONE
}

/** The settings that are offered first for comparisons of a method. */
export const useFirst = (method: MethodDescription): readonly string[] =>
  suggested(
    method,
    useOffered(method).map(([, comparison]) => comparison),
  )
