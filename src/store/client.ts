import type { CheckpointSummary, Event } from '../protocol.ts'
import {
  isLasting,
  type EvaluationKind,
  type EvaluationRequest,
  type ImageAddress,
} from '../results.ts'
import { resolveSettings } from '../settings/parse.ts'
import type { SettingValue, SettingValues } from '../settings/rows.ts'
import { Checkpoints, type Unasked } from './checkpoints.ts'
import type { Driver, Reins } from './driver.ts'
import { asked } from './evaluations.ts'
import { adoptRunning, applyEvent, evaluate } from './events.ts'
import { crashFault, silentFault } from './faults.ts'
import { methodOf, nearestPreset, needsRestart } from './form.ts'
import { FormEdits } from './formEdits.ts'
import { readHistory, type History } from './history.ts'
import { LiveChanges } from './liveChanges.ts'
import { PictureWishes } from './pictureWishes.ts'
import type { Preferences } from './preferences.ts'
import { deadRun, newRun } from './runChanges.ts'
import {
  addFault,
  addNotice,
  type RunStatus,
  type SessionStore,
  type ShownFault,
} from './session.ts'
import type { Snapshot } from './snapshots.ts'
import { Thumbnails } from './thumbnails.ts'
import { withoutChecks, type PictureView } from './view.ts'
import { Wheel } from './wheel.ts'
import { SILENCE_SECONDS, WorkerLink, type WorkerPort } from './workerLink.ts'

/** What the client needs of the page. */
export interface ClientHost {
  /** Starts the training worker. */
  readonly createWorker: () => WorkerPort
  /** Hands a file to the person. */
  readonly download: (fileName: string, bytes: ArrayBuffer) => void
  readonly preferences: () => Pick<Preferences, 'pictureRate'>
}

/** Turns the person's wishes into commands for the worker, and its events into the session's state. */
export class Client {
  /** Small pictures for all panels. */
  readonly thumbnails: Thumbnails
  /** Who drives the run. */
  readonly wheel: Wheel
  readonly #session: SessionStore
  readonly #history: History
  readonly #link: WorkerLink
  readonly #changes: LiveChanges
  readonly #checkpoints: Checkpoints
  readonly #pictures: PictureWishes
  readonly #form: FormEdits
  /** The run that is coming brings its own settings from a file. */
  #adopting = false

  constructor(session: SessionStore, history: History, host: ClientHost) {
    this.#session = session
    this.wheel = new Wheel(session)
    this.#history = history
    this.#link = new WorkerLink(host.createWorker, {
      event: (event) => this.#receive(event),
      crash: (detail) => this.#crash(detail),
      silent: () => addFault(session, silentFault(SILENCE_SECONDS), 'new-worker'),
    })
    this.#changes = new LiveChanges((values) =>
      this.#link.send({ type: 'change', runId: this.#runId, values }),
    )
    this.#form = new FormEdits(session, (method, values) => this.#changes.add(method, values))
    const parts = { session, history, link: this.#link, ...host }
    this.#checkpoints = new Checkpoints(parts)
    this.#pictures = new PictureWishes(parts)
    this.thumbnails = new Thumbnails((images) => this.#link.send({ type: 'thumbnails', images }))
  }

  // ---- the run ----

  /** Begins a new run with the form's settings, paused; replaces the present one. */
  start(): void {
    this.wheel.byHand(() => this.#start())
  }

  /**
   * Trains on; as soon as everything is loaded when it is not yet. A run that has not begun takes over settings that
   * wait for a restart, and one that could not be built is built anew.
   */
  train(): void {
    if (this.wheel.driver) this.wheel.driver.goOn()
    else this.#train()
  }

  pause(): void {
    if (this.wheel.driver) this.wheel.driver.pause()
    else this.#pause()
  }

  /** One step, then pause. */
  step(): void {
    this.wheel.byHand(() => this.#link.send({ type: 'step', runId: this.#runId }))
  }

  /** Sets a value in the form; live ones go to the worker at once, others wait for a restart. */
  changeSetting(key: string, value: SettingValue): void {
    this.changeSettings({ [key]: value })
  }

  /** Sets several values in the form at once. */
  changeSettings(values: SettingValues): void {
    if (!this.#form.holds(values)) this.wheel.byHand(() => this.#form.change(values))
  }

  /** Chooses a method in the form, with the settings that it had there before. */
  chooseMethod(id: string): void {
    this.wheel.byHand(() => this.#form.chooseMethod(id))
  }

  /** Chooses a method and a preset in the form: all values become those of the preset. */
  choose(method: string, preset: string): void {
    this.wheel.byHand(() => this.#form.choose(method, preset))
  }

  /** Measures what a step of the run costs; `profile` follows in the session. */
  measureStep(): void {
    if (this.#session.getState().crashed) return
    this.#session.setState({ profiling: 'measuring' })
    this.#link.send({ type: 'profile', runId: this.#runId })
  }

  // ---- who drives ----

  /** Gives the run to a driver, until it lets go. */
  drive(driver: Driver): Reins {
    this.wheel.give(driver)
    return {
      tell: (driving) => this.#session.setState({ driving }),
      start: (method, values) => this.#begin(method, values),
      train: (until) => this.#link.send({ type: 'train', runId: this.#runId, until }),
      pause: () => this.#pause(),
      change: (values) => this.#form.change(values),
      keep: () => this.#checkpoints.request('keep'),
      kept: () => this.#checkpoints.kept,
      putBack: (snapshot, savedStep) => this.#putBack(snapshot, savedStep),
      letGo: () => this.#letGo(),
    }
  }

  // ---- pictures ----

  /** Changes what the picture panels show. */
  changeView(change: (view: PictureView) => PictureView): void {
    this.#pictures.change(change)
  }

  /** Tells the worker what to draw and how often; needed after the picture rate has changed. */
  requestPictures(): void {
    this.#pictures.send()
  }

  // ---- evaluations ----

  /** Evaluates the run as it is now; progress and result follow in the session. */
  evaluate(request: EvaluationRequest): void {
    if (this.#session.getState().crashed) return
    evaluate(this.#session, (state) => asked(state, request))
    this.#link.send({ type: 'evaluate', runId: this.#runId, request })
  }

  /** Ends an evaluation that waits or is under way. */
  cancelEvaluation(kind: EvaluationKind): void {
    if (this.#session.getState().crashed) return
    this.#link.send({ type: 'cancel', runId: this.#runId, kind })
  }

  /** Asks for small pictures, which `thumbnails` keeps. */
  requestThumbnails(images: readonly ImageAddress[]): void {
    this.thumbnails.request(images)
  }

  // ---- files ----

  /** Downloads a checkpoint of the present state, or of the last one that was kept when the worker is gone. */
  exportCheckpoint(): void {
    this.#checkpoints.download()
  }

  /** Reads a checkpoint file; `peeked` or `refused` follows in the session. */
  peek(file: File): Promise<void> {
    return this.#checkpoints.peek(file)
  }

  /** Replaces the run by the file that was peeked: it goes on where it stopped, paused. */
  accept(): void {
    const { peeked } = this.#session.getState()
    if (!peeked) return
    this.wheel.byHand(() => {
      this.#checkpoints.keep(null)
      this.#take(peeked)
      this.#session.setState({ savedStep: peeked.step })
    })
  }

  /** Lets the peeked file, or the message about a refused one, go; the run stays as it is. */
  reject(): void {
    this.#checkpoints.reject()
  }

  /** Hands CIFAR-10 files to the worker; loading or `refused` follows in the session. */
  dropFiles(files: readonly File[]): void {
    this.#session.setState({ reading: true, refused: null })
    this.#link.send({ type: 'files', files })
  }

  /** Tries to load the images again. */
  retryData(): void {
    this.#dismiss('retry-data')
    this.#link.send({ type: 'retry-data' })
  }

  // ---- the worker ----

  /** Opens another GPU for the run, after its own has failed and could not be replaced. */
  retryGpu(): void {
    this.#dismiss('retry-gpu')
    if (isUnbuilt(this.#session.getState().run)) this.#buildAgain()
    else this.#link.send({ type: 'recover', runId: this.#runId })
  }

  /** Replaces the worker and takes the run up at its last snapshot, or begins a new one. */
  revive(): void {
    const { kept } = this.#checkpoints
    this.#link.close()
    this.#dismiss('new-worker')
    if (!kept) {
      this.#start()
      return
    }
    // What they saved and wanted has not changed by it.
    const take = (peeked: CheckpointSummary): void => {
      const { trainWhenReady } = this.#session.getState()
      this.#take(peeked, true)
      this.#session.setState({ trainWhenReady })
    }
    this.#checkpoints.read(kept, { take, fail: () => undefined })
  }

  get #runId(): number {
    return this.#session.getState().runId
  }

  #start(): void {
    const { method, wanted } = this.#session.getState()
    const { table, constraints } = methodOf(method)
    const { values, notices } = resolveSettings(table, wanted, {}, constraints)
    const { preset } = this.#session.getState()
    this.#begin(method, values)
    this.#session.setState({ preset })
    for (const { text } of notices) addNotice(this.#session, text)
  }

  /** Begins a run with full valid settings, which the form shows. */
  #begin(method: string, values: SettingValues): void {
    this.#beginRun()
    this.#checkpoints.keep(null)
    const preset = nearestPreset(methodOf(method), values)
    this.#session.setState({ method, preset, wanted: values, savedStep: 0 })
    this.#link.send({ type: 'start', runId: this.#runId, method, settings: values })
    this.#pictures.send()
  }

  #train(): void {
    const state = this.#session.getState()
    if (state.crashed) this.revive()
    else if (isUnbuilt(state.run)) this.#buildAgain()
    else if (state.run.step === 0 && needsRestart(state)) this.#start()
    const { run } = this.#session.getState()
    if (run.state === 'opening' || run.state === 'loading' || run.state === 'no-data')
      this.#session.setState({ trainWhenReady: true })
    else this.#link.send({ type: 'train', runId: this.#runId })
  }

  #pause(): void {
    this.#session.setState({ trainWhenReady: false })
    this.#link.send({ type: 'pause', runId: this.#runId })
  }

  #letGo(): void {
    this.wheel.letGo()
    this.#checkpoints.watch(this.#session.getState().run)
  }

  #putBack(snapshot: Snapshot, savedStep: number): Promise<boolean> {
    return new Promise((resolve) => {
      const take = (peeked: CheckpointSummary): void => {
        this.#take(peeked)
        // The form is the person's: it has been put back already.
        this.#adopting = false
        this.#checkpoints.keep(snapshot)
        this.#session.setState({ savedStep })
        resolve(true)
      }
      this.#checkpoints.read(snapshot, { take, fail: () => resolve(false) })
    })
  }

  /** @param revivedAt the step at which the present run is taken up again; null when it is replaced */
  #beginRun(revivedAt: number | null = null): void {
    this.#changes.clear()
    this.#history.series.clear()
    this.#history.tables.clear()
    this.#checkpoints.stop()
    this.#adopting = false
    const driven = this.wheel.driver !== null
    this.#session.setState((session) => newRun(session, revivedAt, driven))
  }

  /** A run that could not be built may be one that a new worker was to take up. */
  #buildAgain(): void {
    if (this.#checkpoints.kept) this.revive()
    else this.#start()
  }

  /** Begins a run with the file that was peeked. */
  #take({ history, step }: CheckpointSummary, revived = false): void {
    this.#beginRun(revived ? step : null)
    this.#adopting = true
    readHistory(this.#history, history, step)
    this.#session.setState({ peeked: null })
    this.#link.send({ type: 'accept', runId: this.#runId })
    this.#pictures.send()
  }

  #dismiss(remedy: ShownFault['remedy']): void {
    this.#session.setState(({ faults }) => ({
      faults: faults.filter((shown) => shown.remedy !== remedy),
    }))
  }

  #crash(detail: string): void {
    const unasked = this.#checkpoints.answered()
    this.#changes.clear()
    this.#checkpoints.stop()
    this.thumbnails.stop()
    const { run } = this.#session.getState()
    this.#session.setState(deadRun)
    const fault = crashFault(this.#checkpoints.kept?.step ?? null, run.step, detail)
    addFault(this.#session, fault, 'new-worker')
    unasked?.fail()
  }

  #receive(event: Event): void {
    if ('runId' in event && event.runId !== this.#runId) return
    const { run: before } = this.#session.getState()
    const unasked = event.type === 'refused' ? this.#checkpoints.answered() : null
    if (event.type === 'refused' && unasked) {
      this.#startAfresh(event, unasked)
      return
    }
    applyEvent(this.#session, this.#history, event)
    if (event.type === 'ready') this.#onReady()
    else if (event.type === 'status') this.#onStatus(before, event)
    else if (event.type === 'picture') this.#pictures.receive(event.picture)
    else if (event.type === 'fault') this.#pictures.change(withoutChecks)
    else if (event.type === 'checkpoint') this.#checkpoints.receive(event)
    else if (event.type === 'peeked') this.#checkpoints.answered()?.take(event.summary)
    else if (event.type === 'settings') this.#onSettings()
    else if (event.type === 'thumbnails') this.thumbnails.receive(event)
    else if (event.type === 'evaluated') this.#onEvaluated(before, event)
  }

  /** There is a GPU, so what was wrong with it or its worker is so no more. */
  #onReady(): void {
    this.#dismiss('new-worker')
    this.#dismiss('retry-gpu')
  }

  #onStatus(before: RunStatus, run: RunStatus): void {
    if (run.images > 0 && run.images !== before.images) this.#pictures.fitTo(run.images)
    if (run.state === before.state) return
    // A driver's run can be made again: keeping it would only take time from it.
    if (!this.wheel.driver) this.#checkpoints.watch(run)
    if (run.state === 'paused') this.#onImages()
    if (run.state !== 'paused' || !this.#session.getState().trainWhenReady) return
    this.#session.setState({ trainWhenReady: false })
    this.#train()
  }

  /** The images are there, wherever they came from. */
  #onImages(): void {
    this.#dismiss('retry-data')
    this.thumbnails.retry()
  }

  /** What stays with the run and was found at a pause is in no snapshot yet. */
  #onEvaluated(run: RunStatus, { record }: Extract<Event, { type: 'evaluated' }>): void {
    if (run.state === 'paused' && isLasting(record) && !this.wheel.driver)
      this.#checkpoints.watch(run)
  }

  /** The form may have moved on while the run was being built: its live settings follow. */
  #onSettings(): void {
    if (this.#adopting) adoptRunning(this.#session)
    this.#adopting = false
    const { method, wanted, running } = this.#session.getState()
    if (running?.method !== method) return
    const moved = Object.entries(wanted).filter(([key, value]) => running.values[key] !== value)
    this.#form.hand(Object.fromEntries(moved))
  }

  /** The worker cannot read the snapshot with which the run was to be taken up. */
  #startAfresh({ fault }: Extract<Event, { type: 'refused' }>, unasked: Unasked): void {
    this.#start()
    // After the start, which takes older faults off the page.
    addFault(this.#session, fault)
    unasked.fail()
  }
}

/** A run that could not even be built. */
const isUnbuilt = ({ state, parameters }: RunStatus): boolean =>
  state === 'stopped' && parameters === 0
