import type { CompileProgress } from '../engine/compile.ts'
import { Engine } from '../engine/engine.ts'
import type { TuningStore } from '../engine/tuning/store.ts'
import { PeekabooError, type Fault } from '../errors.ts'
import type { AdapterSummary } from '../protocol.ts'

/** What the session hears of its GPU. */
export interface GpuListener {
  /** It was opened. */
  readonly ready: (adapter: AdapterSummary) => void
  /** It has failed and will not work again. Told once, and before anything that fails because of it. */
  readonly failed: (fault: Fault) => void
  /** A step is being prepared on it. */
  readonly compiling: (progress: CompileProgress) => void
}

/** Milliseconds before the attempts to open a GPU after one was lost: a driver or browser process takes a while to come back. */
const PATIENCE = [0, 250, 1000, 3000]

/** The worker's GPU: opened when it is needed, and anew on a new adapter after it has failed. */
export class WorkerGpu {
  readonly #gpu: GPU | undefined
  readonly #tuningStore: TuningStore
  readonly #listener: GpuListener
  #engine: Engine | null = null

  constructor(gpu: GPU | undefined, tuningStore: TuningStore, listener: GpuListener) {
    this.#gpu = gpu
    this.#tuningStore = tuningStore
    this.#listener = listener
  }

  /** The engine; null before the first one, and while there is none that could be opened. It may have failed. */
  get engine(): Engine | null {
    return this.#engine
  }

  /** The engine that works, if there is one. */
  get working(): Engine | null {
    return this.#engine?.fault === null ? this.#engine : null
  }

  /** Whether there was one that does not work any more. */
  get hasFailed(): boolean {
    return this.working === null
  }

  /**
   * The engine that works. One that has failed is replaced: what lies on it must have been freed.
   * @throws PeekabooError `webgpu-missing`
   */
  async open(): Promise<Engine> {
    if (this.working !== null) return this.working
    this.#engine?.dispose()
    this.#engine = null
    const engine = await Engine.open(this.#gpu, { tuningStore: this.#tuningStore })
    this.#engine = engine
    engine.onFault((fault) => {
      // One failure often brings others; the first one says it all.
      if (fault === engine.fault) this.#listener.failed(fault)
    })
    engine.onCompile((progress) => this.#listener.compiling(progress))
    // A device may be lost before anyone could listen.
    engine.check()
    this.#listener.ready(engine.adapter)
    return engine
  }

  /**
   * Opens an engine after one was lost, with several attempts.
   * @throws PeekabooError as the last attempt
   */
  async reopen(): Promise<Engine> {
    let failure: unknown
    for (const wait of PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      try {
        return await this.open()
      } catch (error) {
        if (!(error instanceof PeekabooError)) throw error
        failure = error
      }
    }
    throw failure
  }
}
