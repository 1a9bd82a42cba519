import type { RunState } from '../checkpoint/runState.ts'
import type { ImageSet } from '../data/images.ts'
import { toFault } from '../errors.ts'
import type { Picture, PictureRequest } from '../pictures.ts'
import type { RunState as RunPhase } from '../protocol.ts'
import type { StepProfile } from '../profile.ts'
import type { SettingValues } from '../settings/rows.ts'
import { Sketcher } from '../training/sketcher.ts'
import type { Trainer } from '../training/trainer.ts'
import { Drawing } from './drawing.ts'
import type { EvaluationListener, EvaluationParts } from './evaluationParts.ts'
import { Evaluations } from './evaluations.ts'
import { nextTask } from './nextTask.ts'
import { StepReports, type StepListener } from './stepReports.ts'

/** What a run tells the session. */
export interface RunListener extends EvaluationListener, StepListener {
  readonly status: () => void
  readonly labels: (samples: readonly number[], labels: readonly number[]) => void
  readonly picture: (picture: Picture, step: number) => void
}

/** What a run is made of. */
export interface RunParts extends EvaluationParts {
  readonly id: number
  readonly trainer: Trainer
  readonly listener: RunListener
}

/**
 * A run in time: trains on, pauses, reports at a bounded rate, draws pictures and evaluates between steps. Commands only
 * note what is wanted; one loop does it, one thing at a time, so that nothing ever runs into a step under way. It outlives
 * its GPU: without one it waits, and what is wanted meanwhile is done once it has a trainer on another.
 */
export class Run {
  readonly id: number
  readonly evaluations: Evaluations
  phase: RunPhase = 'paused'
  readonly #listener: RunListener
  readonly #images: ImageSet
  readonly #reports: StepReports
  readonly #drawing: Drawing
  #trainer: Trainer
  /** Steps still wanted; Infinity while training on. */
  #steps = 0
  /** While training on: the step at which it pauses. */
  #until = Infinity
  /** Readings of the run that others wait for. */
  #readings: (() => Promise<void>)[] = []
  /** What it was doing when its GPU failed; null while it has one. */
  #before: RunPhase | 'failed' | null = null
  /** Steps that are lost with the GPU are made again before it rests. */
  #owes = false
  /** The step at which it last tried to keep its state. */
  #triedToKeep = 0
  #ended = false
  /** The loop, while there is something to do. */
  #loop: Promise<void> | null = null

  constructor(parts: RunParts) {
    const { id, trainer, listener, trainImages } = parts
    this.id = id
    this.#images = trainImages
    this.#listener = listener
    this.#trainer = trainer
    this.#reports = new StepReports(listener)
    this.#reports.listen(trainer)
    this.#drawing = new Drawing(this.#sketcherOf(trainer))
    this.evaluations = new Evaluations(parts, {
      wake: () => this.#wake(),
      hasGpu: async () => {
        // A lost device rejects what is under way before it says so itself.
        await nextTask()
        return !this.#isIdle
      },
    })
  }

  get trainer(): Trainer {
    return this.#trainer
  }

  /** Whether it trains on, now or as soon as it has a GPU again. */
  get goesOn(): boolean {
    return this.#steps === Infinity
  }

  /** Trains on until paused, or until so many steps are done: then it pauses, at once where they are done already. */
  train(until = Infinity): void {
    this.#steps = Infinity
    this.#until = until
    if (this.trainer.steps === 0) this.evaluations.reached(this.trainer)
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
    this.evaluations.settingsChanged()
    this.#preview()
  }

  /** What to draw from now on, and how often while training. */
  show(request: PictureRequest, perSecond: number): void {
    const named = this.#drawing.show(request, perSecond)
    if (named === null) {
      this.#wake()
      return
    }
    this.#listener.labels(named.samples, named.labels)
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
    this.evaluations.cancelAll()
    this.#enter('stopped')
  }

  /**
   * Resolves when nothing of it is under way on a GPU that has failed, nothing but its trainer is left there, and all that
   * its steps have reported is told.
   */
  async still(): Promise<void> {
    await this.#loop
    await this.evaluations.release()
    this.#reports.flush()
  }

  /** Goes on with a trainer on another GPU, in the state that it was in and with what was wanted meanwhile. */
  resume(trainer: Trainer): void {
    const rests = this.#before === 'stopped' ? 'stopped' : 'paused'
    if (this.#owes) this.#steps += this.#trainer.steps - trainer.steps
    this.#trainer = trainer
    this.#drawing.use(this.#sketcherOf(trainer))
    this.#reports.listen(trainer)
    this.#before = null
    this.#owes = false
    this.#triedToKeep = trainer.steps
    this.evaluations.resumed(trainer.steps)
    this.#enter(this.#steps > 0 ? 'training' : rests)
    this.#wake()
  }

  /** Stops for good; resolves when nothing is under way any more, so that the GPU's part can be freed. */
  async end(): Promise<void> {
    this.#steps = 0
    this.#ended = true
    this.evaluations.cancelAll()
    await this.#loop
    await this.evaluations.release()
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
    if (this.goesOn && this.trainer.steps >= this.#until) this.#arrive()
    if (this.#steps === 0 && this.phase === 'training') return () => this.#rest()
    if (this.#drawing.isDue) return () => this.#draw()
    const training = this.#steps > 0
    if (!training && this.#triedToKeep !== this.trainer.steps) return () => this.#keep()
    const evaluation = this.evaluations.next(this.trainer, training)
    if (evaluation !== null) return () => this.#evaluate(evaluation)
    return training ? () => this.#train() : null
  }

  /** Gone, or without a GPU. */
  get #isIdle(): boolean {
    return this.#ended || this.#before !== null
  }

  async #train(): Promise<void> {
    if (this.phase !== 'training') this.#enter('training')
    this.#steps -= 1
    this.#drawing.outdate()
    const { steps } = this.trainer
    await this.#timed(() => this.trainer.step())
    // The step was lost before it counted as made.
    if (this.#owes && this.trainer.steps === steps) this.#steps += 1
    if (this.#isIdle) return
    if (this.trainer.steps > steps) this.evaluations.reached(this.trainer)
    if (this.#reports.flushDue()) this.#listener.status()
  }

  /** Evaluates a little, after all steps are done: so neither waits for the other's work. */
  async #evaluate(evaluation: () => Promise<void>): Promise<void> {
    await this.#timed(() => this.trainer.settle())
    if (!this.#isIdle) await evaluation()
  }

  /** Trains or settles, in time that is training's own. */
  async #timed(action: () => Promise<void>): Promise<void> {
    const began = performance.now()
    await this.#attempt(action)
    this.evaluations.trained(performance.now() - began)
  }

  /** The step up to which it was to train is done; who asked hears of it, also where there was nothing to do. */
  #arrive(): void {
    this.#steps = 0
    if (this.phase !== 'training') this.#listener.status()
  }

  /** Waits for the last step and pauses, unless more steps were asked for meanwhile. */
  async #rest(): Promise<void> {
    await this.#attempt(() => this.trainer.settle())
    if (this.phase !== 'training' || this.#steps > 0) return
    this.#drawing.expedite()
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
    // Whoever reads the run then has its numbers up to there.
    this.#reports.flush()
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
        this.#drawing.expedite()
        this.#enter('stopped')
      })
    }
  }

  async #draw(): Promise<void> {
    const step = this.trainer.steps
    try {
      const pictures = await this.#drawing.draw()
      if (this.#isIdle) return
      for (const picture of pictures) this.#listener.picture(picture, step)
    } catch (error) {
      // Training goes on without pictures until others are asked for.
      await this.#complain(error)
    }
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
    return new Sketcher(trainer.method, trainer, this.#images)
  }

  #enter(phase: RunPhase): void {
    this.phase = phase
    this.#reports.flush()
    this.#listener.status()
  }

  /** Shows what needs no network now; the loop draws the rest next. */
  #preview(): void {
    if (this.#isIdle) return
    const picture = this.#drawing.preview()
    if (picture !== null) this.#listener.picture(picture, this.trainer.steps)
    this.#drawing.hurry()
    this.#wake()
  }
}
