import { createStore } from 'zustand/vanilla'
import { SteadyMaps } from './steady.ts'
import { Umap } from './umap.ts'

/** How the person looks at the map; kept while other panels are in front. */
export interface MapChoices {
  readonly projection: 'pca' | 'umap'
  /** Classes that are not shown. */
  readonly hidden: ReadonlySet<number>
  /** The map is drawn anew after each k-NN. */
  readonly follows: boolean
}

export const mapChoices = createStore<MapChoices>(() => ({
  projection: 'pca',
  hidden: new Set(),
  follows: false,
}))

/** Shows a class, or hides it. */
export function toggleClass(label: number): void {
  mapChoices.setState(({ hidden }) => {
    const changed = new Set(hidden)
    if (!changed.delete(label)) changed.add(label)
    return { hidden: changed }
  })
}

/** The maps of this page. */
export const steadyMaps = new SteadyMaps()

/** The one UMAP layout of this page. */
export const umap = new Umap(
  () => new Worker(new URL('./umapWorker.ts', import.meta.url), { type: 'module', name: 'umap' }),
)
