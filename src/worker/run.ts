import type { RunState } from '../checkpoint/runState.ts'
import { toFault, type Fault } from '../errors.ts'
import type { Method } from '../methods/method.ts'
import type { MetricsBatch, RunState as RunPhase } from '../protocol.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { ImageSet } from '../data/images.ts'
import type { Trainer } from '../training/trainer.ts'
import { nextTask } from './nextTask.ts'
import { Sketcher } from '../training/sketcher.ts'

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
/** Drawing takes at most one part in this many of the time. */
const DRAWING_SHARE = 4

/** A run in time: trains on, pauses, reports at a bounded rate, draws pictures between steps. */
export class Run {
  readonly id: number
  readonly trainer: Trainer
  phase: RunPhase = 'paused'
  readonly #listener: RunListener
  readonly #sketcher: Sketcher
  readonly #columns: readonly string[]
  #rows: Float64Array[] = []
  #reported = 0
  #request: PictureRequest = { samples: [], maskSeed: 0, attentionSample: null }
  #perSecond = 1
  #drawing = false
  /** When the next pictures are due, in `performance.now()` time. */
  #due = 0
  #ended = false
  /** Steps still wanted. */
  #wanted = 0
  #working = false

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
    this.#wanted = Infinity
    void this.#work()
  }

  /** One step, then pauses. */
  step(): void {
    if (this.#wanted === 0) this.#wanted = 1
    void this.#work()
  }

  /** Stops after the present step. */
  pause(): void {
    this.#wanted = 0
  }

  /** Stops for good, without touching the GPU again. */
  end(): void {
    this.#ended = true
    this.#wanted = 0
  }

  /** Stops because the GPU failed. */
  fail(): void {
    this.#wanted = 0
    this.#enter('stopped')
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

  /** Everything that the run is. */
  state(history: string): Promise<RunState> {
    return this.trainer.state(history)
  }

  #enter(phase: RunPhase): void {
    this.phase = phase
    this.#flush()
  }

  /** Trains while steps are wanted; there is never more than one of this. */
  async #work(): Promise<void> {
    if (this.#working || this.#hasEnded()) return
    this.#working = true
    this.#enter('training')
    try {
      await this.#stepWhileWanted()
      if (!this.#hasEnded()) this.#enter('paused')
    } catch (error) {
      this.#wanted = 0
      if (this.#hasEnded()) return
      this.#enter('stopped')
      this.#listener.fault(toFault(error))
    } finally {
      this.#working = false
    }
    this.#redraw()
  }

  async #stepWhileWanted(): Promise<void> {
    while (this.#wanted > 0) await this.#stepOnce()
    if (this.#hasEnded()) return
    await this.trainer.settle()
    // Steps may have been asked for while the last ones settled.
    if (this.#wanted > 0) await this.#stepWhileWanted()
  }

  #hasEnded(): boolean {
    return this.#ended
  }

  async #stepOnce(): Promise<void> {
    await this.trainer.step()
    this.#wanted--
    if (performance.now() - this.#reported >= REPORT_INTERVAL) this.#flush()
    if (this.#wanted > 0 && performance.now() >= this.#due) await this.#draw()
    await nextTask()
  }

  #flush(): void {
    this.#reported = performance.now()
    if (this.#rows.length > 0) this.#listener.metrics({ columns: this.#columns, rows: this.#rows })
    this.#rows = []
    this.#listener.status()
  }

  /** Shows what needs no network now; the rest follows between steps, or at once while nothing trains. */
  #preview(): void {
    if (this.#ended) return
    const picture = this.#sketcher.preview(this.#request)
    if (picture !== null) this.#listener.picture(picture, this.trainer.steps)
    this.#due = 0
    if (!this.#working) this.#redraw()
  }

  /** Draws everything once, after a burst of requests has passed. */
  #redraw(): void {
    void nextTask()
      .then(() => this.#draw())
      .catch((error: unknown) => {
        if (!this.#ended) this.#listener.fault(toFault(error))
      })
  }

  async #draw(): Promise<void> {
    if (this.#drawing || this.#hasEnded()) return
    this.#drawing = true
    try {
      let request: PictureRequest
      do {
        request = this.#request
        const started = performance.now()
        const step = this.trainer.steps
        const pictures = await this.#sketcher.draw(request)
        const took = performance.now() - started
        this.#due = started + Math.max(1000 / this.#perSecond, DRAWING_SHARE * took)
        if (this.#hasEnded()) return
        for (const picture of pictures) this.#listener.picture(picture, step)
      } while (request !== this.#request && this.#wanted === 0)
    } finally {
      this.#drawing = false
    }
  }
}
