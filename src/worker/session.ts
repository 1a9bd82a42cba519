import type { DataCache } from '../data/cache.ts'
import type { OfficialBatch } from '../data/official.ts'
import type { ShardSource } from '../data/source.ts'
import { Engine } from '../engine/engine.ts'
import { PeekabooError, toFault } from '../errors.ts'
import { loadMethod } from '../methods/load.ts'
import { findMethod } from '../methods/registry.ts'
import type { PictureRequest } from '../pictures.ts'
import type { Command, Event } from '../protocol.ts'
import { writeRun } from '../checkpoint/runFile.ts'
import type { RunState } from '../checkpoint/runState.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import { Trainer } from '../training/trainer.ts'
import { inspectCheckpoint } from './inspect.ts'
import { Images } from './images.ts'
import { loadingReporter } from './loadingReporter.ts'
import { nextTask } from './nextTask.ts'
import { Run } from './run.ts'
import { idleStatus, runStatus, type Holdings } from './status.ts'
import { pixelBuffers } from './transfer.ts'

/** What the session needs of its worker. */
export interface SessionHost {
  readonly gpu: GPU | undefined
  readonly source: ShardSource
  readonly cache: DataCache
  readonly post: (event: Event, transfer?: Transferable[]) => void
  /** What dropped batch files must be; the official ones unless a test brings its own. */
  readonly batches?: readonly OfficialBatch[]
}

/** A run that is to be built as soon as GPU and images are there. */
interface Plan {
  readonly runId: number
  readonly method: string
  readonly settings: SettingValues
  readonly state?: RunState
}

const countOf = (settings: SettingValues): number =>
  Number((settings as CommonSettings).datasetSize)

/** Answers the page's commands: owns the engine, the images and the present run. */
export class Session {
  readonly #host: SessionHost
  readonly #images: Images
  #engine: Engine | null = null
  #run: Run | null = null
  /** The plan that waits for GPU or images; a newer one replaces it. */
  #plan: Plan | null = null
  #loading = new AbortController()
  #peeked: RunState | null = null
  #view: { readonly request: PictureRequest; readonly perSecond: number } | null = null
  /** Building, exporting and reading files happen one after the other. */
  #queue: Promise<void> = Promise.resolve()

  constructor(host: SessionHost) {
    this.#host = host
    this.#images = new Images(host.source, host.cache, host.batches)
  }

  /** Handles one command. Never throws: what goes wrong is posted as a fault. */
  handle(command: Command): void {
    try {
      this.#obey(command)
    } catch (error) {
      this.#postFault(error)
    }
  }

  #obey(command: Command): void {
    switch (command.type) {
      case 'start':
        this.#begin(command)
        break
      case 'train':
        this.#trainable(command, (run) => run.train())
        break
      case 'pause':
        this.#of(command)?.pause()
        break
      case 'step':
        this.#trainable(command, (run) => run.step())
        break
      case 'change':
        this.#of(command)?.change(command.values)
        break
      case 'pictures':
        this.#view = command
        this.#of(command)?.show(command.request, command.perSecond)
        break
      case 'export':
        this.#enqueue(() => this.#export(command.runId, command.history))
        break
      case 'peek':
        this.#enqueue(() => this.#peek(command.fileName, command.bytes))
        break
      case 'accept':
        this.#accept(command.runId)
        break
      case 'files':
        this.#enqueue(() => this.#takeFiles(command.files))
        break
      case 'retry-data':
        this.#enqueue(() => this.#build())
        break
    }
  }

  #of({ runId }: { runId: number }): Run | null {
    return this.#run?.id === runId ? this.#run : null
  }

  /** Uses the run; says again what is wrong with the GPU; or builds the run that could not be built before. */
  #trainable(command: { runId: number }, use: (run: Run) => void): void {
    const run = this.#of(command)
    if (run !== null) {
      this.#engine?.check()
      use(run)
    } else if (this.#plan?.runId === command.runId) {
      this.#enqueue(async () => {
        await this.#build()
        const built = this.#of(command)
        if (built !== null) use(built)
      })
    }
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error: unknown) => this.#postFault(error))
  }

  #postFault(error: unknown): void {
    this.#host.post({ type: 'fault', fault: toFault(error) })
  }

  // ---- building a run ----

  #begin({ runId, method, settings, state }: Plan): void {
    this.#plan = { runId, method, settings, state }
    this.#loading.abort()
    this.#loading = new AbortController()
    this.#run?.pause()
    this.#enqueue(() => this.#build())
  }

  async #build(): Promise<void> {
    const plan = this.#plan
    if (plan === null) return
    try {
      this.#postIdle(plan.runId, 'opening')
      await this.#openEngine()
      if (this.#plan !== plan) return
      this.#postIdle(plan.runId, 'loading')
      await this.#loadImages(plan)
      await this.#replaceRun(plan)
    } catch (error) {
      if (this.#plan !== plan) return
      const { code } = toFault(error)
      const waitsForData = code === 'data-missing' || code === 'data-damaged'
      this.#postFault(error)
      this.#postIdle(plan.runId, waitsForData ? 'no-data' : 'stopped')
    }
  }

  /** The engine, opened anew when there is none or the last one failed. */
  async #openEngine(): Promise<Engine> {
    if (this.#engine?.fault === null) return this.#engine
    await this.#dropRun()
    this.#images.freeDevice()
    this.#engine?.dispose()
    this.#engine = null
    const engine = await Engine.open(this.#host.gpu)
    this.#engine = engine
    engine.onFault((fault) => {
      // One failure often brings others; the first one says it all.
      if (fault !== engine.fault) return
      this.#host.post({ type: 'fault', fault })
      this.#run?.fail()
    })
    this.#host.post({ type: 'ready', adapter: engine.adapter })
    return engine
  }

  async #loadImages({ settings }: Plan): Promise<void> {
    const report = loadingReporter((event) => this.#host.post(event))
    await this.#images.load(countOf(settings), report, this.#loading.signal)
  }

  /** Builds the planned run in the place of the present one; does nothing when another was planned meanwhile. */
  async #replaceRun(plan: Plan): Promise<void> {
    const { runId, settings, state } = plan
    const description = findMethod(plan.method)
    if (description === undefined) throw new Error(`there is no method ${plan.method}`)
    const method = await loadMethod(description.id)
    if (this.#plan !== plan) return
    await this.#dropRun()
    // The GPU may have failed while the images were loaded.
    const engine = await this.#openEngine()
    if (this.#plan !== plan) return
    const images = this.#images.onDevice(engine, countOf(settings))
    const trainer = new Trainer({ engine, description, method, settings, images, state })
    trainer.onChange = ({ step, key, from, to }) =>
      this.#host.post({ type: 'changed', runId, step, key, from, to })
    const run = new Run(runId, trainer, method, this.#images.host!, {
      status: () => this.#postStatus(run),
      metrics: (batch) =>
        this.#host.post(
          { type: 'metrics', runId, batch },
          batch.rows.map(({ buffer }) => buffer),
        ),
      labels: (samples, labels) => this.#host.post({ type: 'labels', samples, labels }),
      picture: (picture, step) =>
        this.#host.post({ type: 'picture', runId, step, picture }, pixelBuffers(picture)),
      fault: (fault) => this.#host.post({ type: 'fault', fault }),
    })
    this.#run = run
    this.#plan = null
    this.#host.post({ type: 'settings', runId, method: description.id, values: settings })
    this.#postStatus(run)
    if (this.#view !== null) run.show(this.#view.request, this.#view.perSecond)
  }

  async #dropRun(): Promise<void> {
    const run = this.#run
    this.#run = null
    await run?.end()
    run?.trainer.dispose()
  }

  #postIdle(runId: number, state: Parameters<typeof idleStatus>[1]): void {
    this.#host.post(idleStatus(runId, state, this.#holdings))
  }

  #postStatus(run: Run): void {
    this.#host.post(runStatus(run, this.#holdings))
  }

  get #holdings(): Holdings {
    return { memory: this.#engine?.memory() ?? null, images: this.#images.host?.count ?? 0 }
  }

  // ---- files ----

  async #export(runId: number, history: string): Promise<void> {
    const run = this.#of({ runId })
    if (run === null) return
    this.#engine?.check()
    const state = await this.#stateOf(run, history)
    if (state === null) return
    const bytes = await writeRun(state, new Date())
    const fileName = `peekaboo-${state.method}-step-${state.step}.safetensors`
    this.#host.post({ type: 'checkpoint', runId, fileName, bytes: bytes.buffer }, [bytes.buffer])
  }

  /** The state of the run, or null when the GPU fails meanwhile, which it says itself. */
  async #stateOf(run: Run, history: string): Promise<RunState | null> {
    try {
      return await run.state(history)
    } catch (error) {
      // A lost device rejects what is under way before it says so itself.
      await nextTask()
      if (this.#engine?.fault === null) throw error
      return null
    }
  }

  async #peek(fileName: string, bytes: ArrayBuffer): Promise<void> {
    try {
      const { state, summary } = await inspectCheckpoint(new Uint8Array(bytes), fileName)
      this.#peeked = state
      this.#host.post({ type: 'peeked', summary })
    } catch (error) {
      this.#peeked = null
      this.#host.post({ type: 'refused', fault: toFault(error) })
    }
  }

  #accept(runId: number): void {
    const state = this.#peeked
    if (state === null) return
    this.#peeked = null
    this.#begin({ runId, method: state.method, settings: state.settings, state })
  }

  async #takeFiles(files: readonly File[]): Promise<void> {
    try {
      if (this.#plan === null) throw imagesThere(this.#images.host?.count ?? 0)
      const report = loadingReporter((event) => this.#host.post(event))
      await this.#images.take(files, countOf(this.#plan.settings), report)
    } catch (error) {
      this.#host.post({ type: 'refused', fault: toFault(error) })
      return
    }
    await this.#build()
  }
}

function imagesThere(count: number): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what: `These look like CIFAR-10 files, but ${count.toLocaleString('en')} images are loaded already.`,
    kept: 'The present run and its images are untouched.',
    todo: 'Nothing needs to be done. To load more images, choose a larger number of training images and restart.',
  })
}
