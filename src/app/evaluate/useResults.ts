import { useMemo, useState } from 'react'
import { recordsOf, type KeptKind, type RecordOf } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'

/** The results of a kind that the run has kept, newest first, and the one that is shown. */
export function useResults<K extends KeptKind>(
  kind: K,
): {
  readonly results: readonly RecordOf<K>[]
  readonly chosen: number
  readonly shown: RecordOf<K> | undefined
  readonly choose: (place: number) => void
} {
  const kept = useSession((state) => state.evaluations.kept)
  const latest = useSession((state) => state.evaluations.latest[kind])
  const results = useMemo(
    () =>
      recordsOf(kept, kind).toSorted(
        (a, b) => Number(b === latest) - Number(a === latest) || b.step - a.step,
      ),
    [kept, kind, latest],
  )
  const [picked, setPicked] = useState<RecordOf<K> | null>(null)
  // A result that has just come is shown, whatever was looked at before.
  const [seen, setSeen] = useState(latest)
  if (seen !== latest) {
    setSeen(latest)
    setPicked(null)
  }
  const chosen = Math.max(picked ? results.indexOf(picked) : 0, 0)
  return {
    results,
    chosen,
    shown: results[chosen],
    choose: (place) => setPicked(results[place] ?? null),
  }
}
