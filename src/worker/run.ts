import type { RunState } from '../checkpoint/runState.ts'
import type { ImageSet } from '../data/images.ts'
import { toFault, type Fault } from '../errors.ts'
import type { Method } from '../methods/method.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
import type { MetricsBatch, RunState as RunPhase } from '../protocol.ts'
import type { StepProfile } from '../profile.ts'
import type { SettingValues } from '../settings/rows.ts'
import { Sketcher } from '../training/sketcher.ts'
import type { Trainer } from '../training/trainer.ts'
import { nextTask } from './nextTask.ts'

/** What a run tells the session. */
export interface RunListener {
  readonly status: () => void
  readonly metrics: (batch: MetricsBatch) => void
  readonly labels: (samples: readonly number[], labels: readonly number[]) => void
  readonly picture: (picture: Picture, step: number) => void
  readonly fault: (fault: Fault) => void
}

/** Milliseconds between two reports of metrics and status. */
const REPORT_INTERVAL = 100
/** Drawing takes at most one part in this many of the time, within the longest wait. */
const DRAWING_SHARE = 4
/** Milliseconds between two drawings at most, also where the first took long because its kernels were compiled. */
const LONGEST_WAIT = 8000

/**
 * A run in time: trains on, pauses, reports at a bounded rate, draws pictures between steps. Commands only note what is
 * wanted; one loop does it, one thing at a time, so that nothing ever runs into a step under way. It outlives its GPU:
 * without one it waits, and what is wanted meanwhile is done once it has a trainer on another.
 */
export class Run {
  readonly id: number
  phase: RunPhase = 'paused'
  readonly #listener: RunListener
  readonly #method: Method
  readonly #images: ImageSet
  readonly #columns: readonly string[]
  #trainer: Trainer
  #sketcher: Sketcher
  #rows: Float64Array[] = []
  #reported = 0
  /** Steps still wanted; Infinity while training on. */
  #steps = 0
  /** Readings of the run that others wait for. */
  #readings: (() => Promise<void>)[] = []
  #request: PictureRequest = { samples: [], maskSeed: 0, attentionSample: null }
  #perSecond = 1
  /** The pictures on the page are no longer those of the present state. */
  #stale = false
  /** When pictures may be drawn again, in `performance.now()` time. */
  #due = 0
  /** What it was doing when its GPU failed; null while it has one. */
  #before: RunPhase | 'failed' | null = null
  /** Steps that are lost with the GPU are made again before it rests. */
  #owes = false
  /** The step at which it last tried to keep its state. */
  #triedToKeep = 0
  #ended = false
  /** The loop, while there is something to do. */
  #loop: Promise<void> | null = null

  constructor(
    id: number,
    trainer: Trainer,
    method: Method,
    images: ImageSet,
    listener: RunListener,
  ) {
    this.id = id
    this.#method = method
    this.#images = images
    this.#listener = listener
    this.#columns = ['step', 'epoch', 'seconds', ...trainer.metricKeys]
    this.#trainer = trainer
    this.#sketcher = this.#sketcherOf(trainer)
    this.#listen(trainer)
  }

  get trainer(): Trainer {
    return this.#trainer
  }

  /** Whether it trains on, now or as soon as it has a GPU again. */
  get goesOn(): boolean {
    return this.#steps === Infinity
  }

  /** Trains on until paused. */
  train(): void {
    this.#steps = Infinity
    this.#wish()
  }

  /** One step more, then pauses; nothing new while it trains on. */
  step(): void {
    this.#steps += 1
    this.#wish()
  }

  /** Stops after the present step. */
  pause(): void {
    this.#steps = 0
    this.#owes = false
    this.#wish()
  }

  /** Changes live settings; the masks that they give are shown at once. */
  change(values: SettingValues): void {
    this.trainer.change(values)
    this.#preview()
  }

  /** What to draw from now on, and how often while training. */
  show(request: PictureRequest, perSecond: number): void {
    this.#request = request
    this.#perSecond = perSecond
    const { samples, labels } = this.#sketcher.labels(request)
    this.#listener.labels(samples, labels)
    this.#preview()
  }

  /** Everything that the run is, between two steps. Rejects when the GPU has failed. */
  state(history: string): Promise<RunState> {
    return this.#read((trainer) => trainer.state(history))
  }

  /** What a step costs, measured between two steps; null before the first one. Rejects when the GPU has failed. */
  profile(): Promise<StepProfile | null> {
    return this.#read((trainer) => trainer.profile())
  }

  /** Its GPU has failed: waits for `resume`. */
  suspend(): void {
    if (this.#before === null) {
      this.#before = this.phase
      this.#owes = this.phase !== 'stopped' && !this.goesOn
    }
    this.#enter('recovering')
  }

  /** Stops because there is no GPU for it; `resume` is still possible. */
  fail(): void {
    this.#steps = 0
    this.#owes = false
    this.#before = 'failed'
    this.#enter('stopped')
  }

  /** Resolves when nothing of it is under way on a GPU that has failed. */
  async still(): Promise<void> {
    await this.#loop
  }

  /** Goes on with a trainer on another GPU, in the state that it was in and with what was wanted meanwhile. */
  resume(trainer: Trainer): void {
    const rests = this.#before === 'stopped' ? 'stopped' : 'paused'
    if (this.#owes) this.#steps += this.#trainer.steps - trainer.steps
    this.#trainer = trainer
    this.#sketcher = this.#sketcherOf(trainer)
    this.#listen(trainer)
    this.#before = null
    this.#owes = false
    this.#triedToKeep = trainer.steps
    this.#stale = true
    this.#due = 0
    this.#enter(this.#steps > 0 ? 'training' : rests)
    this.#wake()
  }

  /** Stops for good; resolves when nothing is under way any more, so that the GPU's part can be freed. */
  async end(): Promise<void> {
    this.#steps = 0
    this.#ended = true
    await this.#loop
  }

  /** Something else is wanted: a run that waits for its GPU says so, because it cannot show it. */
  #wish(): void {
    if (this.#before === null) this.#wake()
    else this.#listener.status()
  }

  #wake(): void {
    this.#loop ??= this.#work()
  }

  async #work(): Promise<void> {
    // A task of its own: a burst of commands is heard before it is acted upon.
    await nextTask()
    for (let task = this.#next(); task !== null; task = this.#next()) {
      await task()
      await nextTask()
    }
    this.#loop = null
  }

  /** The most urgent thing to do now. */
  #next(): (() => Promise<void>) | null {
    const reading = this.#readings.shift()
    if (reading) return () => this.#settleAnd(reading)
    if (this.#isIdle) return null
    if (this.#steps === 0 && this.phase === 'training') return () => this.#rest()
    if (this.#stale && performance.now() >= this.#due) return () => this.#draw()
    if (this.#steps > 0) return () => this.#train()
    return this.#triedToKeep === this.trainer.steps ? null : () => this.#keep()
  }

  /** Gone, or without a GPU. */
  get #isIdle(): boolean {
    return this.#ended || this.#before !== null
  }

  async #train(): Promise<void> {
    if (this.phase !== 'training') this.#enter('training')
    this.#steps -= 1
    this.#stale = true
    const { steps } = this.trainer
    await this.#attempt(() => this.trainer.step())
    // The step was lost before it counted as made.
    if (this.#owes && this.trainer.steps === steps) this.#steps += 1
    if (!this.#isIdle && performance.now() - this.#reported >= REPORT_INTERVAL) this.#flush()
  }

  /** Waits for the last step and pauses, unless more steps were asked for meanwhile. */
  async #rest(): Promise<void> {
    await this.#attempt(() => this.trainer.settle())
    if (this.phase !== 'training' || this.#steps > 0) return
    this.#due = 0
    this.#enter('paused')
  }

  /** Reads something between two steps. */
  #read<T>(read: (trainer: Trainer) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#readings.push(() => read(this.trainer).then(resolve, reject))
      this.#wake()
    })
  }

  /** Reads something for someone. That the last step diverged concerns the run, not the one who asked. */
  async #settleAnd(reading: () => Promise<void>): Promise<void> {
    if (!this.#isIdle) await this.#attempt(() => this.trainer.settle())
    await reading()
  }

  /** A run that rests is kept as it is: the loss of its GPU costs nothing then. */
  async #keep(): Promise<void> {
    this.#triedToKeep = this.trainer.steps
    await this.#attempt(() => this.trainer.keep())
  }

  /** Trains or settles; what goes wrong stops the run. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      await this.#complain(error, () => {
        this.#steps = 0
        this.#due = 0
        this.#enter('stopped')
      })
    }
  }

  async #draw(): Promise<void> {
    const step = this.trainer.steps
    const started = performance.now()
    let wait = Infinity
    this.#stale = false
    this.#due = Infinity
    try {
      const pictures = await this.#sketcher.draw(this.#request)
      const share = Math.min(DRAWING_SHARE * (performance.now() - started), LONGEST_WAIT)
      wait = Math.max(1000 / this.#perSecond, share)
      if (this.#isIdle) return
      for (const picture of pictures) this.#listener.picture(picture, step)
    } catch (error) {
      // Training goes on without pictures until others are asked for.
      await this.#complain(error)
    }
    // What was asked for meanwhile is drawn at once.
    this.#due = Math.min(this.#due, started + wait)
  }

  /** Reports an error, unless it is an echo of a GPU failure: these are reported by the engine. */
  async #complain(error: unknown, then: () => void = () => undefined): Promise<void> {
    // A lost device rejects what is under way before it says so itself.
    await nextTask()
    if (this.#isIdle) return
    this.#listener.fault(toFault(error))
    then()
  }

  #sketcherOf(trainer: Trainer): Sketcher {
    return new Sketcher(this.#method, trainer, this.#images)
  }

  #listen(trainer: Trainer): void {
    trainer.onMetrics = ({ step, epoch, seconds, values }) => {
      const row = [step, epoch, seconds, ...trainer.metricKeys.map((key) => values[key]!)]
      this.#rows.push(Float64Array.from(row))
    }
  }

  #enter(phase: RunPhase): void {
    this.phase = phase
    this.#flush()
  }

  #flush(): void {
    this.#reported = performance.now()
    if (this.#rows.length > 0) this.#listener.metrics({ columns: this.#columns, rows: this.#rows })
    this.#rows = []
    this.#listener.status()
  }

  /** Shows what needs no network now; the loop draws the rest next. */
  #preview(): void {
    if (this.#isIdle) return
    const picture = this.#sketcher.preview(this.#request)
    if (picture !== null) this.#listener.picture(picture, this.trainer.steps)
    this.#stale = true
    this.#due = 0
    this.#wake()
  }
}
