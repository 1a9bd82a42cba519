import type { DataCache } from '../data/cache.ts'
import type { OfficialBatch } from '../data/official.ts'
import type { ShardSource } from '../data/source.ts'
import type { Engine } from '../engine/engine.ts'
import { toFault, type Fault } from '../errors.ts'
import { readRecords } from '../evaluationRecords.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import { loadMethod } from '../methods/load.ts'
import { findMethod } from '../methods/registry.ts'
import type { PictureRequest } from '../pictures.ts'
import type { Command, Event } from '../protocol.ts'
import type { RunState } from '../checkpoint/runState.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import { Trainer, type TrainerParts } from '../training/trainer.ts'
import { Images, imagesThere } from './images.ts'
import { CompileReporter } from './compileReporter.ts'
import { ImageLoading } from './imageLoading.ts'
import { measureRun } from './measureRun.ts'
import { PeekedFile } from './peekedFile.ts'
import { Recovery } from './recovery.ts'
import { Run } from './run.ts'
import { runListener } from './runListener.ts'
import { idleStatus, runStatus, type Holdings } from './status.ts'
import { Thumbnails } from './thumbnails.ts'
import { tuningStoreIn } from './tuningStore.ts'
import { WorkerGpu } from './workerGpu.ts'
import { writeCheckpoint } from './writeCheckpoint.ts'

/** What the session needs of its worker. */
export interface SessionHost {
  readonly gpu: GPU | undefined
  readonly source: ShardSource
  readonly cache: DataCache
  readonly post: (event: Event, transfer?: Transferable[]) => void
  /** What dropped batch files must be; the official ones unless a test brings its own. */
  readonly batches?: readonly OfficialBatch[]
  /** How evaluations are done, unless a test brings its own. */
  readonly evaluate?: typeof evaluate
}

/** A run that is to be built as soon as GPU and images are there. */
interface Plan {
  readonly runId: number
  readonly method: string
  readonly settings: SettingValues
  readonly state?: RunState
}

type ExportCommand = Extract<Command, { readonly type: 'export' }>

const countOf = (settings: SettingValues): number =>
  Number((settings as CommonSettings).datasetSize)

/** Answers the page's commands: owns the GPU, the images and the present run. */
export class Session {
  readonly #host: SessionHost
  readonly #images: Images
  readonly #loading: ImageLoading
  readonly #thumbnails: Thumbnails
  readonly #peeked: PeekedFile
  readonly #gpu: WorkerGpu
  readonly #recovery: Recovery
  readonly #compileReporter: CompileReporter
  #run: Run | null = null
  /** The plan that waits for GPU or images; a newer one replaces it. */
  #plan: Plan | null = null
  #view: { readonly request: PictureRequest; readonly perSecond: number } | null = null
  /** Building, exporting and reading files happen one after the other. */
  #queue: Promise<void> = Promise.resolve()

  constructor(host: SessionHost) {
    this.#host = host
    this.#images = new Images(host.source, host.cache, host.batches)
    this.#loading = new ImageLoading(this.#images, host.post)
    this.#thumbnails = new Thumbnails(this.#images, host.post)
    this.#peeked = new PeekedFile(host.post)
    this.#compileReporter = new CompileReporter((event) => host.post(event))
    this.#gpu = new WorkerGpu(host.gpu, tuningStoreIn(host.cache), {
      ready: (adapter) => host.post({ type: 'ready', adapter }),
      failed: (fault) => this.#onGpuFailed(fault),
      compiling: (progress) => this.#compileReporter.report(progress),
    })
    this.#recovery = new Recovery({
      gpu: this.#gpu,
      post: (event) => host.post(event),
      free: () => this.#images.freeDevice(),
      trainerOf: (runId, parts) => this.#trainerOf(runId, parts),
    })
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
        this.#trainable(command, (run) => run.train(command.until))
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
        this.#enqueue(() => this.#export(command))
        break
      case 'profile':
        this.#enqueue(() => this.#profile(command.runId))
        break
      case 'evaluate':
        this.#trainable(command, ({ evaluations }) => evaluations.request(command.request))
        break
      case 'cancel':
        this.#of(command)?.evaluations.cancel(command.kind)
        break
      case 'thumbnails':
        void this.#thumbnails.answer(command.images)
        break
      case 'peek':
        this.#enqueue(() => this.#peeked.peek(command.fileName, command.bytes))
        break
      case 'accept':
        this.#accept(command.runId)
        break
      case 'files':
        this.#drop(command.files)
        break
      case 'recover':
        this.#trainable(command, () => undefined)
        break
      case 'retry-data':
        this.#enqueue(() => this.#build())
        break
    }
  }

  #of({ runId }: { runId: number }): Run | null {
    return this.#run?.id === runId ? this.#run : null
  }

  /** Uses the run, on another GPU if its own has failed; or builds the run that could not be built before. */
  #trainable(command: { runId: number }, use: (run: Run) => void): void {
    const run = this.#of(command)
    if (run !== null) {
      use(run)
      if (run.phase !== 'stopped' || this.#gpu.working !== null) return
      run.suspend()
      this.#recovery.forget()
      this.#whilePresent(run, () => this.#recovery.rebuild(run))
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

  /** Does something with a run in its turn, unless another one has taken its place by then. */
  #whilePresent(run: Run, task: () => Promise<void>): void {
    this.#enqueue(async () => {
      if (this.#run === run) await task()
    })
  }

  #postFault(error: unknown): void {
    this.#host.post({ type: 'fault', fault: toFault(error) })
  }

  // ---- building a run ----

  #begin({ runId, method, settings, state }: Plan): void {
    this.#plan = { runId, method, settings, state }
    this.#loading.end()
    this.#loading.allow()
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
      await this.#loading.load(countOf(plan.settings))
      await this.#replaceRun(plan)
    } catch (error) {
      if (this.#plan !== plan || this.#loading.isEnded) return
      const { code } = toFault(error)
      const waitsForData = code === 'data-missing' || code === 'data-damaged'
      this.#postFault(error)
      this.#postIdle(plan.runId, waitsForData ? 'no-data' : 'stopped')
    }
  }

  /** The engine, opened anew when there is none or the last one failed. */
  async #openEngine(): Promise<Engine> {
    if (this.#gpu.working === null) {
      await this.#dropRun()
      this.#images.freeDevice()
    }
    return this.#gpu.open()
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
    const trainer = this.#trainerOf(runId, { engine, description, method, settings, state })
    const post = this.#host.post
    const run = new Run({
      id: runId,
      trainer,
      trainImages: this.#images.host!,
      testImages: this.#images.test,
      records: readRecords(state?.evaluations ?? ''),
      evaluate: this.#host.evaluate ?? evaluate,
      listener: runListener(runId, post, () => this.#postStatus(run)),
    })
    this.#run = run
    this.#plan = null
    this.#recovery.forget()
    this.#host.post({ type: 'settings', runId, method: description.id, values: settings })
    post({ type: 'evaluations', runId, records: run.evaluations.records })
    this.#postStatus(run)
    if (this.#view !== null) run.show(this.#view.request, this.#view.perSecond)
  }

  #trainerOf(runId: number, parts: Omit<TrainerParts, 'images'>): Trainer {
    const images = this.#images.onDevice(parts.engine, countOf(parts.settings))
    const trainer = new Trainer({ ...parts, images })
    trainer.onChange = ({ step, key, from, to }) =>
      this.#host.post({ type: 'changed', runId, step, key, from, to })
    return trainer
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
    return {
      memory: this.#gpu.working?.memory() ?? null,
      images: this.#images.host?.count ?? 0,
    }
  }

  // ---- a GPU that fails ----

  /** A run whose GPU is lost goes on with another one; after any other failure it stops. */
  #onGpuFailed(fault: Fault): void {
    this.#compileReporter.end()
    const run = this.#run
    if (run === null || fault.code !== 'device-lost') {
      this.#host.post({ type: 'fault', fault })
      run?.fail()
      return
    }
    run.suspend()
    this.#whilePresent(run, () => this.#recovery.recover(run, fault))
  }

  async #profile(runId: number): Promise<void> {
    const run = this.#of({ runId })
    if (run === null) return
    const profile = await measureRun(run, this.#gpu)
    this.#host.post({ type: 'profile', runId, profile })
  }

  // ---- files ----

  async #export({ runId, purpose, history }: ExportCommand): Promise<void> {
    const run = this.#of({ runId })
    if (run === null) return
    const checkpoint = await writeCheckpoint(run, this.#gpu, purpose, history)
    const { bytes } = checkpoint
    this.#host.post({ type: 'checkpoint', runId, purpose, ...checkpoint }, [bytes])
  }

  #accept(runId: number): void {
    const state = this.#peeked.take()
    if (state === null) return
    this.#begin({ runId, method: state.method, settings: state.settings, state })
  }

  /** Files take the place of images that are being loaded, or bring test images that an evaluation lacks. */
  #drop(files: readonly File[]): void {
    const instead = this.#loading.isUnderWay
    if (instead) this.#loading.end()
    this.#enqueue(async () => {
      if (instead) this.#loading.allow()
      const isTaken = await this.#takeFiles(files)
      // Files that were refused bring back the loading that they have ended.
      if (isTaken || instead) await this.#build()
      if (isTaken) this.#run?.evaluations.imagesCame()
    })
  }

  /** Returns whether the files were taken. */
  async #takeFiles(files: readonly File[]): Promise<boolean> {
    try {
      const run = this.#run
      if (this.#plan === null && run?.evaluations.isStarved !== true)
        throw imagesThere(this.#images.host?.count ?? 0)
      await this.#loading.take(files, this.#plan === null ? 0 : countOf(this.#plan.settings))
      // The page hears that loading is over.
      if (run !== null) this.#postStatus(run)
    } catch (error) {
      this.#host.post({ type: 'refused', fault: toFault(error) })
      return false
    }
    return true
  }
}
