import { useStore } from 'zustand'
import { findMethod } from '../../../methods/registry.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { useSession } from '../../../store/hooks.ts'
import { useSubject } from '../useEvaluation.ts'
import { labelOf } from '../words.ts'
import { comparison } from './opened.ts'
import type { ComparedKind } from './reportFile.ts'
import { sourcesOf, type Source } from './sources.ts'

/** What there is to compare the shown result with: other results of this visit, and those of opened files. */
export function useSources<K extends ComparedKind>(
  kind: K,
  shown: RecordOf<K> | null,
): readonly Source<K>[] {
  const { kept, compared } = useSession((state) => state.evaluations)
  const opened = useStore(comparison, (state) => state.opened)
  const { representations } = useSubject()
  return sourcesOf(
    kind,
    { kept, compared, opened, shown },
    {
      method: (id) => findMethod(id)?.name ?? id,
      representation: (id) => labelOf(representations, id),
    },
  )
}
