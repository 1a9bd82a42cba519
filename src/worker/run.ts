import type { RunState } from '../checkpoint/runState.ts'
import type { ImageSet } from '../data/images.ts'
import { toFault, type Fault } from '../errors.ts'
import type { Method } from '../methods/method.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
import type { MetricsBatch, RunState as RunPhase } from '../protocol.ts'
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
 * wanted; one loop does it, one thing at a time, so that nothing ever runs into a step under way.
 */
export class Run {
  readonly id: number
  readonly trainer: Trainer
  phase: RunPhase = 'paused'
  readonly #listener: RunListener
  readonly #sketcher: Sketcher
  readonly #columns: readonly string[]
  #rows: Float64Array[] = []
  #reported = 0
  /** Steps still wanted; Infinity while training on. */
  #steps = 0
  #snapshots: (() => Promise<void>)[] = []
  #request: PictureRequest = { samples: [], maskSeed: 0, attentionSample: null }
  #perSecond = 1
  /** The pictures on the page are no longer those of the present state. */
  #stale = false
  /** When pictures may be drawn again, in `performance.now()` time. */
  #due = 0
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
    this.trainer = trainer
    this.#listener = listener
    this.#sketcher = new Sketcher(method, trainer, images)
    this.#columns = ['step', 'epoch', 'seconds', ...trainer.metricKeys]
    trainer.onMetrics = ({ step, epoch, seconds, values }) => {
      const row = [step, epoch, seconds, ...trainer.metricKeys.map((key) => values[key]!)]
      this.#rows.push(Float64Array.from(row))
    }
  }

  /** Trains on until paused. */
  train(): void {
    this.#steps = Infinity
    this.#wake()
  }

  /** One step more, then pauses; nothing new while it trains on. */
  step(): void {
    this.#steps += 1
    this.#wake()
  }

  /** Stops after the present step. */
  pause(): void {
    this.#steps = 0
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
    return new Promise((resolve, reject) => {
      this.#snapshots.push(() => this.trainer.state(history).then(resolve, reject))
      this.#wake()
    })
  }

  /** Stops because the GPU has failed. */
  fail(): void {
    this.#steps = 0
    this.#ended = true
    this.#enter('stopped')
  }

  /** Stops for good; resolves when nothing is under way any more, so that the GPU's part can be freed. */
  async end(): Promise<void> {
    this.#steps = 0
    this.#ended = true
    await this.#loop
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
    const snapshot = this.#snapshots.shift()
    if (snapshot) return () => this.#save(snapshot)
    if (this.#ended) return null
    if (this.#steps === 0 && this.phase === 'training') return () => this.#rest()
    if (this.#stale && performance.now() >= this.#due) return () => this.#draw()
    return this.#steps > 0 ? () => this.#train() : null
  }

  async #train(): Promise<void> {
    if (this.phase !== 'training') this.#enter('training')
    this.#steps -= 1
    this.#stale = true
    await this.#attempt(() => this.trainer.step())
    if (!this.#ended && performance.now() - this.#reported >= REPORT_INTERVAL) this.#flush()
  }

  /** Waits for the last step and pauses, unless more steps were asked for meanwhile. */
  async #rest(): Promise<void> {
    await this.#attempt(() => this.trainer.settle())
    if (this.phase !== 'training' || this.#steps > 0) return
    this.#due = 0
    this.#enter('paused')
  }

  /** Reads the state for someone. That the last step diverged concerns the run, not the one who asked. */
  async #save(snapshot: () => Promise<void>): Promise<void> {
    if (!this.#ended) await this.#attempt(() => this.trainer.settle())
    await snapshot()
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
      if (this.#ended) return
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
    if (this.#ended) return
    this.#listener.fault(toFault(error))
    then()
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
    if (this.#ended) return
    const picture = this.#sketcher.preview(this.#request)
    if (picture !== null) this.#listener.picture(picture, this.trainer.steps)
    this.#stale = true
    this.#due = 0
    this.#wake()
  }
}
