import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval'
import { PeekabooError } from '../../errors.ts'
import type { Selection } from '../../settings/selection.ts'
import type { Snapshot } from '../snapshots.ts'
import { isComparison } from './check.ts'
import type { Comparison } from './model.ts'

/** What the person had before a comparison took the run over. */
export interface Aside {
  /** The form. */
  readonly form: Selection
  /** The run; null when it had made no step. */
  readonly snapshot: Snapshot | null
  /** Step of the last checkpoint of it that the person has. */
  readonly savedStep: number
}

/** Where comparisons lie between visits. */
export interface Shelf {
  /** All that are kept, newest first; what is damaged is left out. Rejects with a PeekabooError `storage`. */
  readonly load: () => Promise<readonly Comparison[]>
  readonly save: (comparison: Comparison) => Promise<void>
  readonly remove: (id: string) => Promise<void>
  /** The run that was put aside, where the visit ended before it was put back. */
  readonly loadAside: () => Promise<Aside | null>
  /** Null when there is none any more. */
  readonly saveAside: (aside: Aside | null) => Promise<void>
}

const ASIDE = 'aside'

/** Keeps comparisons in the browser's database, the run put aside in one of its own: it is large. */
export function browserShelf(): Shelf {
  const comparisons = createStore('peekaboo-comparisons', 'comparisons')
  const asides = createStore('peekaboo-aside', 'aside')
  return {
    load: () => guarded(() => loadAll(comparisons)),
    save: (comparison) => guarded(() => set(comparison.id, comparison, comparisons)),
    remove: (id) => guarded(() => del(id, comparisons)),
    loadAside: () => guarded(async () => (await get<Aside>(ASIDE, asides)) ?? null),
    saveAside: (aside) =>
      guarded(() => (aside === null ? del(ASIDE, asides) : set(ASIDE, aside, asides))),
  }
}

async function loadAll(store: UseStore): Promise<readonly Comparison[]> {
  const all = await entries<string, unknown>(store)
  return all
    .map(([, value]) => value)
    .filter(isComparison)
    .sort((a, b) => b.made.localeCompare(a.made))
}

/** What the browser's database says as a fault in words. */
async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw new PeekabooError(
      {
        code: 'storage',
        what: 'The browser did not let comparisons be kept on this computer.',
        kept: 'They stay on the page until it is closed.',
        todo: 'Export what you need as a file; free some disk space, or leave the private window, and try again.',
        detail: String(error),
      },
      { cause: error },
    )
  }
}
