import { checkParameters } from '../checkpoint/matches.ts'
import type { RunState, SettingChange } from '../checkpoint/runState.ts'
import type { DeviceImages } from '../data/deviceImages.ts'
import { BatchSequence, startCursor, type Cursor } from '../data/order.ts'
import { AdamW } from '../engine/adamw.ts'
import type { Engine } from '../engine/engine.ts'
import { Parameters } from '../engine/parameters.ts'
import { PeekabooError } from '../errors.ts'
import { averagedBy } from '../methods/averaged.ts'
import { metricsOf, teacherMetrics, type MethodDescription } from '../methods/description.ts'
import type { Method } from '../methods/method.ts'
import type { StepProfile } from '../profile.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { TableDescription } from '../tables.ts'
import { TrainingClock } from './clock.ts'
import { Keeper, type Copy, type RunRecord } from './keeper.ts'
import { LiveSettings } from './liveSettings.ts'
import { measureStep } from './measureStep.ts'
import { Readings } from './readings.ts'
import { learningRateAt } from './schedule.ts'
import { STATUS_WORDS, StepLayout } from './stepNumbers.ts'
import { StepPrograms } from './stepPrograms.ts'
import { RecentTimes } from './recentTimes.ts'
import { bytesOfWeights, initialWeights, readWeights, shapesOf, writeWeights } from './weights.ts'

/** What a step reports: metric values by the names in `metricKeys`. */
export interface StepMetrics {
  readonly step: number
  /** Epochs done, with the fraction of the present one. */
  readonly epoch: number
  /** Seconds of training. */
  readonly seconds: number
  readonly values: Readonly<Record<string, number>>
  /** The method's tables as this step has left them, by key (see `LossResult.tables`), row by row; absent where it has none. */
  readonly tables?: Readonly<Record<string, Float32Array>>
}

/** What a Trainer is made of. */
export interface TrainerParts {
  readonly engine: Engine
  readonly description: MethodDescription
  readonly method: Method
  /** Full valid settings of the method. */
  readonly settings: SettingValues
  /** The training images; not freed by `dispose`, so that the next run can use them. */
  readonly images: DeviceImages
  /** The state from which the run goes on; a new run when absent. */
  readonly state?: RunState | undefined
  /** Live changes that the run had made after that state before it went back: it makes them again, each at its step. */
  readonly coming?: readonly SettingChange[] | undefined
}

/** A run as it was a little while ago, and what it has changed since: with both it is done again bit for bit. */
export interface KeptRun {
  readonly state: RunState
  readonly coming: readonly SettingChange[]
}

/** A step that has been submitted and whose numbers are not back yet. */
interface Flight {
  readonly step: number
  readonly cursor: Cursor
  readonly next: Cursor
  readonly learningRate: number
  /** Of the teacher; absent where there is none. */
  readonly momentum: number | undefined
  /** When it was begun, by the clock. */
  readonly began: number
  readonly numbers: Promise<Float32Array>
  /** The run after this step, on its way to the host; null for most steps. */
  readonly copy: { readonly weights: Copy; readonly record: Omit<RunRecord, 'seconds'> } | null
}

/** Steps that may be submitted before the numbers of the first are back. */
const RUN_AHEAD = 2

/** Metrics that every method has besides its own. */
export const commonMetrics = ['gradNorm', 'learningRate', 'imagesPerSecond'] as const

/**
 * One run: a model, its optimiser, its place in the data. `step` submits one training step; its numbers reach
 * `onMetrics` a step later, so that training never waits for a readback.
 */
export class Trainer {
  readonly engine: Engine
  readonly description: MethodDescription
  readonly method: Method
  readonly images: DeviceImages
  readonly parameters: Parameters
  /** The tables that every step fills in; none where the method has none. */
  readonly tables: readonly TableDescription[]
  /** Called with the numbers of every finished step, in order. */
  onMetrics: (metrics: StepMetrics) => void = () => undefined
  /** Called when a live change takes effect. */
  onChange: (change: SettingChange) => void = () => undefined
  readonly #optimiser: AdamW
  readonly #layout: StepLayout
  readonly #readings: Readings
  readonly #programs: StepPrograms
  readonly #batches: BatchSequence
  readonly #flights: Flight[] = []
  readonly #settings: LiveSettings
  readonly #clock: TrainingClock
  readonly #keeper: Keeper
  readonly #hostTimes = new RecentTimes()
  /** The run before its first step. */
  readonly #beginning: RunRecord
  #step: number
  #cursor: Cursor
  #disposed = false

  /**
   * Builds the model. Nothing is allocated unless it can be built.
   * @throws PeekabooError `file-rejected` when the state's tensors are not those that its settings describe,
   * `setting-invalid` when a batch is larger than the data
   */
  constructor({ engine, description, method, settings, images, state, coming }: TrainerParts) {
    this.engine = engine
    this.description = description
    this.method = method
    this.images = images
    this.#settings = new LiveSettings(description, settings, state?.changes ?? [], coming)
    this.#clock = new TrainingClock(state?.seconds ?? 0)
    this.#step = state?.step ?? 0
    this.#cursor = state?.cursor ?? startCursor
    const { batchSize, seed } = this.#common
    this.#batches = new BatchSequence(images.count, batchSize, seed)
    const specs = method.parameters(settings)
    const averaged = averagedBy(method)
    if (state !== undefined) checkParameters(state, shapesOf(specs, averaged))
    this.parameters = new Parameters(engine, specs, averaged)
    if (state !== undefined) writeWeights(this.parameters, state)
    const read = () => readWeights(this.parameters)
    this.#keeper = new Keeper(state ?? null, read, bytesOfWeights(this.parameters))
    this.#beginning = { ...this.#record(), seconds: this.#clock.seconds }
    this.#optimiser = new AdamW(engine, this.parameters, method.clipping)
    this.tables = description.tables?.(settings) ?? []
    const hasTeacher = this.parameters.teacher !== undefined
    const metrics = metricsOf(description, settings)
    this.#layout = new StepLayout({ metrics, hasTeacher }, this.tables)
    this.#readings = new Readings(engine, this.#layout.length, STATUS_WORDS)
    const metricKeys = metrics.map(({ key }) => key)
    const { parameters, tables } = this
    const [optimiser, readings] = [this.#optimiser, this.#readings]
    this.#programs = new StepPrograms(
      { engine, method, images, parameters, optimiser, readings, metricKeys, tables },
      description,
    )
  }

  /** Steps submitted. */
  get steps(): number {
    return this.#step
  }

  /** Epochs done, with the fraction of the present one. */
  get epoch(): number {
    return this.#epochAt(this.#cursor)
  }

  /** Seconds of training so far. */
  get seconds(): number {
    return this.#clock.seconds
  }

  /** Images trained on a second, averaged over the last steps. */
  get imagesPerSecond(): number {
    return this.#clock.rate * this.#common.batchSize
  }

  /** The newest settings: those with which the next step runs. */
  get settings(): SettingValues {
    return this.#settings.newest
  }

  /** Names of the metrics, in the order of a row: the method's, those of a teacher where there is one, the common ones. */
  get metricKeys(): readonly string[] {
    const { hasTeacher } = this.description
    const metrics = metricsOf(this.description, this.settings)
    const described = hasTeacher ? [...metrics, ...teacherMetrics] : metrics
    return [...described.map(({ key }) => key), ...commonMetrics]
  }

  /** Takes new values of settings that may change while training; they take effect with the next step. */
  change(values: SettingValues): void {
    this.#settings.change(values)
  }

  /**
   * Submits one training step and waits, at most, for the one before it. One call at a time.
   * @throws PeekabooError `diverged` when loss or gradient were not finite: the model is then as it was after the last
   * good step; `gpu-error`, `out-of-memory`, `device-lost` from the GPU
   */
  async step(): Promise<void> {
    this.engine.check()
    const began = this.#clock.now()
    const done = this.#step
    for (const change of this.#settings.apply(done + 1)) this.onChange(change)
    const { indices, next } = this.#batches.nextBatch(this.#cursor)
    const learningRate = learningRateAt(done, this.#common)
    const momentum = this.method.teacher?.momentum(this.#settings.active, done)
    const program = this.#programs.current
    const numbers = (await this.#submit(indices, done, learningRate, momentum))()
    // The first step of a program also records and compiles it.
    if (program === this.#programs.current) this.#hostTimes.add(this.#clock.now() - began)
    // A flight may be dropped before anyone waits for it.
    numbers.catch(() => undefined)
    const cursor = this.#cursor
    this.#step = done + 1
    this.#cursor = next
    const copy = this.#keeper.isDue
      ? { weights: this.#keeper.copy(), record: this.#record() }
      : null
    const place = { step: done + 1, cursor, next }
    this.#flights.push({ ...place, learningRate, momentum, began, numbers, copy })
    await this.#landAllBut(RUN_AHEAD - 1)
  }

  /** Waits until every submitted step is done and reported. Throws as `step` does. */
  async settle(): Promise<void> {
    await this.#landAllBut(0)
  }

  /** Everything that the run is, read back from the GPU. Not while a step is under way. Throws as `step` does. */
  async state(history = ''): Promise<RunState> {
    this.engine.check()
    await this.settle()
    const record = { ...this.#record(), seconds: this.#clock.seconds }
    const [settings, changes] = [this.settings, this.#settings.recordBefore(this.#step + 1)]
    const weights = await readWeights(this.parameters)
    this.engine.check()
    this.#keeper.take({ ...record, ...weights })
    return { ...record, ...weights, settings, changes, history }
  }

  /** The step of the state that `kept` gives. */
  get keptStep(): number {
    return this.#keeper.kept?.step ?? 0
  }

  /** Keeps the present state; for a run that rests. It does not when the GPU fails. Throws what the last steps throw. */
  async keep(): Promise<void> {
    await this.settle()
    if (this.keptStep === this.#step) return
    const record = { ...this.#record(), seconds: this.#clock.seconds }
    await this.#keeper.copy().keep(record)
  }

  /** The latest state that is whole on the host, a few seconds old while training. Needs no GPU. */
  kept(): KeptRun {
    const { kept } = this.#keeper
    const state = kept ?? { ...this.#beginning, ...initialWeights(this.parameters) }
    const changes = [...this.#settings.record, ...this.#settings.changesFrom(this.#step + 1)]
    return { state, coming: changes.filter(({ step }) => step > state.step) }
  }

  /** The latest state that is whole on the host, as `state` would have given it then, with the newest settings. */
  keptState(history = ''): RunState {
    const { state, coming } = this.kept()
    const waiting = coming.map((change) => ({ ...change, step: state.step + 1 }))
    return { ...state, settings: this.settings, changes: [...state.changes, ...waiting], history }
  }

  /** What a step costs; null before the first one. The run stays as it is. Throws as `step` does. */
  async profile(): Promise<StepProfile | null> {
    await this.settle()
    const { dispatchesPerSubmit } = this.#common
    const measured = await measureStep(this.#programs.current, dispatchesPerSubmit)
    this.engine.check()
    return (
      measured && {
        ...measured,
        step: this.#step,
        hostMilliseconds: this.#hostTimes.median,
        heldBytes: this.engine.memory().bytes,
      }
    )
  }

  /** Frees everything of the run on the GPU: the next one may have other sizes. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#flights.length = 0
    this.engine.submit()
    this.#programs.dispose()
    this.#readings.dispose()
    this.#optimiser.dispose()
    this.parameters.dispose()
    this.engine.trim()
  }

  get #common(): CommonSettings {
    return this.#settings.active as CommonSettings
  }

  #epochAt({ epoch, offset }: Cursor): number {
    return epoch + offset / this.images.count
  }

  /** The run after the last submitted step, but for its weights and its time. */
  #record(): Omit<RunRecord, 'seconds'> {
    return {
      method: this.description.id,
      settings: this.#settings.active,
      step: this.#step,
      cursor: this.#cursor,
      changes: this.#settings.record,
      adapter: this.engine.adapter.detail,
      history: '',
      evaluations: '',
    }
  }

  /** Submits a step; returns what gives the promise of its numbers. */
  #submit(
    indices: Uint32Array,
    done: number,
    learningRate: number,
    momentum: number | undefined,
  ): Promise<() => Promise<Float32Array>> {
    const { seed, beta1, beta2, adamEpsilon, clipNorm } = this.#common
    const settings = this.#settings.active
    const weightDecay = this.method.weightDecay?.(settings, done) ?? this.#common.weightDecay
    const optimiser = { beta1, beta2, epsilon: adamEpsilon, weightDecay, clipNorm }
    const draw = { seed, step: done }
    return this.#programs.run({
      settings,
      draw,
      indices,
      inputs: this.method.stepInputs(settings, draw, indices.length),
      optimiser: { ...optimiser, learningRate, step: done + 1 },
      momentum,
    })
  }

  async #landAllBut(ahead: number): Promise<void> {
    while (this.#flights.length > ahead) await this.#land(this.#flights.shift()!)
  }

  /** Takes the numbers of a finished step; a closed latch sets the run back to its last good state. */
  async #land(flight: Flight): Promise<void> {
    let numbers: Float32Array
    try {
      numbers = await flight.numbers
    } catch (error) {
      this.engine.check()
      throw error
    }
    this.engine.check()
    const read = this.#layout.read(numbers)
    if (read.diverged) throw this.#backToLastGood(flight)
    this.#clock.stepEnded(flight.began)
    const { copy } = flight
    if (copy !== null) void copy.weights.keep({ ...copy.record, seconds: this.#clock.seconds })
    this.onMetrics({
      step: flight.step,
      epoch: this.#epochAt(flight.next),
      seconds: this.#clock.seconds,
      values: {
        ...read.metrics,
        ...(flight.momentum !== undefined && {
          momentum: flight.momentum,
          teacherDistance: read.teacherDistance!,
        }),
        gradNorm: read.gradNorm,
        learningRate: flight.learningRate,
        imagesPerSecond: this.imagesPerSecond,
      },
      ...(read.tables && { tables: read.tables }),
    })
  }

  #backToLastGood(flight: Flight): PeekabooError {
    this.#step = flight.step - 1
    this.#cursor = flight.cursor
    this.#flights.length = 0
    this.#settings.rewind(flight.step)
    this.#optimiser.unlatch()
    // It followed before the loss was known.
    if (this.method.teacher?.order === 'before') this.parameters.teacher?.takeBack()
    return new PeekabooError({
      code: 'diverged',
      what: `The loss of step ${flight.step} is not a finite number: the run has diverged.`,
      kept: `The weights are those after step ${flight.step - 1}, the last good one.`,
      todo: 'Lower the learning rate or the gradient clip and go on, or restart.',
    })
  }
}
