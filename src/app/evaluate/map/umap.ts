import { createStore, type StoreApi } from 'zustand/vanilla'
import type { RecordOf } from '../../../store/evaluations.ts'
import { alignTo, centred } from './align.ts'
import type { LayoutProgress } from './layOut.ts'
import type { LayoutEvent, LayoutRequest } from './umapWorker.ts'

/** The part of a Worker that is used here. */
export type LayoutWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

/** The layout of the moment. */
export interface UmapState {
  /** The features that are laid out; null before the first layout. */
  readonly record: RecordOf<'map'> | null
  /** Number of the run they are of. */
  readonly runId: number
  /** Where their images are, [count, 2]; null before they have moved. */
  readonly points: Float32Array | null
  /** `running`: the points still move. `stopped`: before the end, by the person. */
  readonly state: 'none' | 'running' | 'done' | 'stopped' | 'failed'
  readonly progress: Pick<LayoutProgress, 'stage' | 'done' | 'total'> | null
  /** What went wrong, in the browser's words. */
  readonly detail: string
}

const none: UmapState = {
  record: null,
  runId: 0,
  points: null,
  state: 'none',
  progress: null,
  detail: '',
}

/** A worker whose code could not be loaded says nothing. */
const messageOf = (event: Event): string =>
  'message' in event && typeof event.message === 'string' ? event.message : ''

/** Lays maps out with UMAP in a worker of its own, one at a time: the page never waits for it. */
export class Umap {
  readonly store: StoreApi<UmapState> = createStore(() => none)
  readonly #createWorker: () => LayoutWorker
  #worker: LayoutWorker | null = null

  constructor(createWorker: () => LayoutWorker) {
    this.#createWorker = createWorker
  }

  /**
   * Begins a layout; one under way ends.
   *
   * @param near where the images are shown now, [count, 2]: the layout is turned towards it
   */
  start(record: RecordOf<'map'>, runId: number, near: Float32Array): void {
    this.#end()
    const { components, count, dimensions, points } = record.result
    this.store.setState({ ...none, record, runId, state: 'running' })
    const worker = this.#createWorker()
    worker.onmessage = ({ data }: MessageEvent<LayoutEvent>) => {
      const moved = data.type === 'done' ? data.points : data.progress.points
      if (moved) this.store.setState({ points: alignTo(centred(moved), near) })
      if (data.type === 'progress') {
        const { stage, done, total } = data.progress
        this.store.setState({ progress: { stage, done, total } })
        return
      }
      this.#end()
      this.store.setState({ state: 'done', progress: null })
    }
    worker.onerror = (event) => {
      event.preventDefault()
      this.#end()
      this.store.setState({ state: 'failed', progress: null, detail: messageOf(event) })
    }
    this.#worker = worker
    const request: LayoutRequest = {
      features: { components, count, dimensions, points },
      seed: record.seed,
    }
    worker.postMessage(request)
  }

  /** Ends a layout under way; its points stay where they are. */
  cancel(): void {
    if (!this.#worker) return
    this.#end()
    this.store.setState(({ points }) => ({
      state: points ? 'stopped' : 'none',
      progress: null,
    }))
  }

  /** Forgets the layout: it is of a run that is gone. */
  clear(): void {
    this.#end()
    this.store.setState(none)
  }

  #end(): void {
    if (!this.#worker) return
    // Messages of a terminated worker may still be under way.
    this.#worker.onmessage = null
    this.#worker.onerror = null
    this.#worker.terminate()
    this.#worker = null
  }
}
