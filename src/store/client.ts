import type { Command, Event } from '../protocol.ts'
import type { SettingValue, SettingValues } from '../settings/rows.ts'
import { resolveSettings } from '../settings/parse.ts'
import { presetValues } from '../settings/selection.ts'
import { adoptRunning, applyEvent } from './events.ts'
import { crashFault, silentFault, unreadableFault } from './faults.ts'
import { methodOf, needsRestart } from './form.ts'
import { LiveChanges } from './liveChanges.ts'
import type { Preferences } from './preferences.ts'
import type { Series } from './series.ts'
import { addFault, addNotice, idleRun, type RunStatus, type SessionStore } from './session.ts'
import { fitTo, requestOf, type PictureView } from './view.ts'

/** The part of a Worker that the client uses. */
export type WorkerPort = Pick<
  Worker,
  'postMessage' | 'terminate' | 'onmessage' | 'onerror' | 'onmessageerror'
>

/** What the client needs of the page. */
export interface ClientHost {
  /** Starts the training worker. */
  readonly createWorker: () => WorkerPort
  /** Hands a file to the person. */
  readonly download: (fileName: string, bytes: ArrayBuffer) => void
  readonly preferences: () => Pick<Preferences, 'pictureRate'>
}

/** A checkpoint kept in memory, so that a crash of the worker loses little. */
interface Snapshot {
  readonly fileName: string
  readonly bytes: ArrayBuffer
  readonly step: number
}

/** How often a training run is kept in memory. */
export const SNAPSHOT_SECONDS = 120
/** After so long without a word from a new worker, the page says so. */
export const SILENCE_SECONDS = 30

/** Owns the worker: turns the person's wishes into commands, and events into the session's state. */
export class Client {
  readonly #session: SessionStore
  readonly #series: Series
  readonly #host: ClientHost
  readonly #changes: LiveChanges
  #worker: WorkerPort | null = null
  #snapshot: Snapshot | null = null
  #snapshotTimer: ReturnType<typeof setInterval> | undefined
  #silenceTimer: ReturnType<typeof setTimeout> | undefined
  #downloadWanted = false
  /** The run that is coming brings its own settings from a file. */
  #adopting = false
  /** A new worker reads the snapshot: the file is accepted without asking. */
  #reviving = false

  constructor(session: SessionStore, series: Series, host: ClientHost) {
    this.#session = session
    this.#series = series
    this.#host = host
    this.#changes = new LiveChanges((values) =>
      this.#send({ type: 'change', runId: this.#runId, values }),
    )
  }

  // ---- the run ----

  /** Begins a new run with the form's settings, paused; replaces the present one. */
  start(): void {
    const { method, wanted } = this.#session.getState()
    const { table, constraints } = methodOf(method)
    const { values, notices } = resolveSettings(table, wanted, {}, constraints)
    this.#beginRun()
    this.#snapshot = null
    this.#adopting = false
    this.#session.setState({ wanted: values, savedStep: 0 })
    for (const { text } of notices) addNotice(this.#session, text)
    this.#send({ type: 'start', runId: this.#runId, method, settings: values })
    this.#sendPictures()
  }

  /**
   * Trains on; as soon as everything is loaded when it is not yet. Before the first step, settings that wait for a
   * restart are taken over: nobody has to press Restart for a run that has not begun.
   */
  train(): void {
    const state = this.#session.getState()
    if (state.run.step === 0 && needsRestart(state)) this.start()
    const { run } = this.#session.getState()
    if (run.state === 'paused' || run.state === 'stopped')
      this.#send({ type: 'train', runId: this.#runId })
    else this.#session.setState({ trainWhenReady: true })
  }

  pause(): void {
    this.#session.setState({ trainWhenReady: false })
    this.#send({ type: 'pause', runId: this.#runId })
  }

  /** One step, then pause. */
  step(): void {
    this.#send({ type: 'step', runId: this.#runId })
  }

  /** Sets a value in the form; live ones go to the worker at once, others wait for a restart. */
  changeSetting(key: string, value: SettingValue): void {
    this.changeSettings({ [key]: value })
  }

  /** Sets several values in the form at once. */
  changeSettings(values: SettingValues): void {
    const { method, wanted, running } = this.#session.getState()
    this.#session.setState({ wanted: { ...wanted, ...values } })
    if (running?.method === method) this.#changes.add(method, values)
  }

  /** Chooses a method and a preset in the form: all values become those of the preset. */
  choose(method: string, preset: string): void {
    const values = presetValues(methodOf(method), preset)
    this.#session.setState({ method, preset })
    this.changeSettings(values)
  }

  // ---- pictures ----

  /** Changes what the picture panels show. */
  changeView(change: (view: PictureView) => PictureView): void {
    const view = change(this.#session.getState().view)
    this.#session.setState({ view })
    this.#sendPictures()
  }

  /** Tells the worker what to draw and how often; needed after the picture rate has changed. */
  requestPictures(): void {
    this.#sendPictures()
  }

  // ---- files ----

  /** Downloads a checkpoint of the present state. */
  exportCheckpoint(): void {
    this.#downloadWanted = true
    this.#requestCheckpoint()
  }

  /** Reads a checkpoint file; `peeked` or `refused` follows in the session. */
  async peek(file: File): Promise<void> {
    this.#session.setState({ reading: true, peeked: null, refused: null })
    try {
      const bytes = await file.arrayBuffer()
      this.#send({ type: 'peek', fileName: file.name, bytes }, [bytes])
    } catch (error) {
      this.#session.setState({ reading: false, refused: unreadableFault(file.name, error) })
    }
  }

  /** Replaces the run by the file that was peeked: it goes on where it stopped, paused. */
  accept(): void {
    const { peeked } = this.#session.getState()
    if (!peeked) return
    this.#beginRun()
    this.#adopting = true
    this.#series.restore(peeked.history)
    this.#session.setState({ peeked: null, savedStep: peeked.step })
    this.#send({ type: 'accept', runId: this.#runId })
    this.#sendPictures()
  }

  /** Lets the peeked file, or the message about a refused one, go; the run stays as it is. */
  reject(): void {
    this.#session.setState({ peeked: null, refused: null })
  }

  /** Hands CIFAR-10 files to the worker; loading or `refused` follows in the session. */
  dropFiles(files: readonly File[]): void {
    this.#session.setState({ reading: true, refused: null })
    this.#send({ type: 'files', files })
  }

  /** Tries to load the images again. */
  retryData(): void {
    this.#session.setState(({ faults }) => ({
      faults: faults.filter(({ remedy }) => remedy !== 'retry-data'),
    }))
    this.#send({ type: 'retry-data' })
  }

  // ---- the worker ----

  /** Replaces a dead worker and takes the run up at its last snapshot, or begins a new one. */
  revive(): void {
    this.#close()
    this.#session.setState(({ faults }) => ({
      crashed: false,
      faults: faults.filter(({ remedy }) => remedy !== 'new-worker'),
    }))
    if (!this.#snapshot) {
      this.start()
      return
    }
    this.#reviving = true
    const { fileName, bytes } = this.#snapshot
    // Posted as a copy: the snapshot must outlive this worker, too.
    this.#send({ type: 'peek', fileName, bytes })
  }

  get #runId(): number {
    return this.#session.getState().runId
  }

  #beginRun(): void {
    this.#changes.clear()
    this.#series.clear()
    this.#downloadWanted = false
    this.#session.setState(({ runId, run, faults }) => ({
      runId: runId + 1,
      run: { ...idleRun, images: run.images },
      faults: faults.filter(({ remedy }) => remedy !== null),
      trainWhenReady: false,
      strips: null,
      attention: null,
    }))
  }

  #send(command: Command, transfer: Transferable[] = []): void {
    if (this.#session.getState().crashed) return
    this.#worker ??= this.#open()
    this.#worker.postMessage(command, transfer)
  }

  #open(): WorkerPort {
    const worker = this.#host.createWorker()
    worker.onmessage = ({ data }: MessageEvent<Event>) => this.#receive(data)
    worker.onerror = (event) => {
      event.preventDefault()
      this.#crash(event.message)
    }
    worker.onmessageerror = () => this.#crash('A message from the worker could not be read.')
    this.#silenceTimer = setTimeout(
      () => addFault(this.#session, silentFault(SILENCE_SECONDS), 'new-worker'),
      SILENCE_SECONDS * 1000,
    )
    return worker
  }

  #close(): void {
    clearTimeout(this.#silenceTimer)
    this.#watchRun(false)
    if (!this.#worker) return
    // A terminated worker may still have messages under way.
    this.#worker.onmessage = this.#worker.onerror = this.#worker.onmessageerror = null
    this.#worker.terminate()
    this.#worker = null
  }

  #crash(detail: string): void {
    this.#close()
    this.#reviving = false
    const { run } = this.#session.getState()
    this.#session.setState({
      crashed: true,
      loading: null,
      reading: false,
      trainWhenReady: false,
      run: { ...run, state: 'stopped', imagesPerSecond: 0, deviceBytes: 0 },
    })
    const fault = crashFault(this.#snapshot?.step ?? null, run.step, detail)
    addFault(this.#session, fault, 'new-worker')
  }

  #sendPictures(): void {
    const request = requestOf(this.#session.getState().view)
    const perSecond = this.#host.preferences().pictureRate
    this.#send({ type: 'pictures', runId: this.#runId, request, perSecond })
  }

  #requestCheckpoint(): void {
    this.#send({ type: 'export', runId: this.#runId, history: JSON.stringify(this.#series) })
  }

  #watchRun(training: boolean): void {
    clearInterval(this.#snapshotTimer)
    this.#snapshotTimer = training
      ? setInterval(() => this.#requestCheckpoint(), SNAPSHOT_SECONDS * 1000)
      : undefined
  }

  #receive(event: Event): void {
    if ('runId' in event && event.runId !== this.#runId) return
    const { run: before } = this.#session.getState()
    if (event.type === 'refused' && this.#reviving) {
      this.#startAfresh(event)
      return
    }
    applyEvent(this.#session, this.#series, event)
    if (event.type === 'ready') this.#onReady()
    else if (event.type === 'status') this.#onStatus(before, event)
    else if (event.type === 'checkpoint') this.#onCheckpoint(event)
    else if (event.type === 'peeked' && this.#reviving) this.#takeUp()
    else if (event.type === 'settings') this.#onSettings()
  }

  #onReady(): void {
    clearTimeout(this.#silenceTimer)
    this.#session.setState(({ faults }) => ({
      faults: faults.filter(({ remedy }) => remedy !== 'new-worker'),
    }))
  }

  #onStatus(before: RunStatus, run: RunStatus): void {
    if (run.images > 0 && run.images !== before.images) this.#fitView(run.images)
    if (run.state === before.state) return
    this.#watchRun(run.state === 'training')
    if (run.state !== 'paused') return
    // A pause is a good moment to keep the run: nothing is lost from here on.
    if (run.step > 0) this.#requestCheckpoint()
    if (!this.#session.getState().trainWhenReady) return
    this.#session.setState({ trainWhenReady: false })
    this.train()
  }

  #fitView(images: number): void {
    const { view } = this.#session.getState()
    const fitting = fitTo(view, images)
    if (fitting !== view) this.changeView(() => fitting)
  }

  #onCheckpoint({ fileName, bytes }: Extract<Event, { type: 'checkpoint' }>): void {
    const { step } = this.#session.getState().run
    this.#snapshot = { fileName, bytes, step }
    if (!this.#downloadWanted) return
    this.#downloadWanted = false
    this.#host.download(fileName, bytes)
    this.#session.setState({ savedStep: step })
    addNotice(this.#session, `Checkpoint saved as ${fileName}.`)
  }

  /** The form may have moved on while the run was being built: its live settings follow. */
  #onSettings(): void {
    if (this.#adopting) adoptRunning(this.#session)
    this.#adopting = false
    const { method, wanted, running } = this.#session.getState()
    if (running?.method !== method) return
    const moved = Object.entries(wanted).filter(([key, value]) => running.values[key] !== value)
    this.#changes.add(method, Object.fromEntries(moved))
  }

  /** Accepts the snapshot for the person; what they saved themselves has not changed by it. */
  #takeUp(): void {
    this.#reviving = false
    const { savedStep } = this.#session.getState()
    this.accept()
    this.#session.setState({ savedStep })
  }

  #startAfresh({ fault }: Extract<Event, { type: 'refused' }>): void {
    this.#reviving = false
    this.start()
    addFault(this.#session, fault)
  }
}
