import { firstImages } from '../data/records.ts'
import type { LoadProgress } from '../data/images.ts'
import { toFault, type Fault } from '../errors.ts'
import { withRecord } from '../evaluationRecords.ts'
import type { Subject } from '../evaluation/subject.ts'
import {
  isLasting,
  type EvaluationKind,
  type EvaluationRecord,
  type EvaluationRequest,
  type EvaluationResult,
} from '../results.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { Trainer } from '../training/trainer.ts'
import { evaluationSettings, testImagesFor } from './evaluationNeeds.ts'
import {
  laneOf,
  type EvaluatedRun,
  type EvaluationParts,
  type Lane,
  type Wish,
  type Work,
} from './evaluationParts.ts'
import { lostEvaluating } from './lossFaults.ts'
import { ProgressReport } from './progressReport.ts'
import { TimeShare } from './timeShare.ts'

/** Evaluations take at most this share of the time while training. */
const EVALUATION_SHARE = 1 / 4
/** Milliseconds of training between two turns of an evaluation at most. */
const LONGEST_WAIT = 8000
/** Milliseconds of a turn at least: pauses between turns and training cost, too. */
const TURN = 30
/** An evaluation is given up when the GPU was lost so often while it was under way. */
const MOST_LOSSES = 2

/**
 * The evaluations of a run, beside training. Commands only note what is wanted; the run's loop does a little of it at a
 * time between steps, on frozen copies of the network. Short evaluations overtake those that train something; the online
 * k-NN takes turns with them. What lasts stays with the run.
 */
export class Evaluations {
  readonly #parts: EvaluationParts
  readonly #run: EvaluatedRun
  readonly #report: ProgressReport
  readonly #share = new TimeShare(EVALUATION_SHARE, LONGEST_WAIT)
  readonly #floors = new Map<string, number>()
  readonly #lanes = [
    laneOf('knn', 'neighbours', 'map', 'crops', 'detection'),
    laneOf('linear', 'finetune', 'robustness', 'shapes', 'interactions'),
  ] as const
  /** What is wanted, in the order in which it was asked for. */
  readonly #wishes = new Map<EvaluationKind, Wish>()
  /** Work that nobody wants any more. */
  readonly #abandoned: Work[] = []
  /** Requests that failed for want of images. */
  #starved: EvaluationRequest[] = []
  /** The online k-NN has failed: it waits until something has changed. */
  #isOnlineOff = false
  /** The lane that had the last turn. */
  #served: Lane | null = null
  #records: readonly EvaluationRecord[]

  constructor(parts: EvaluationParts, run: EvaluatedRun) {
    this.#parts = parts
    this.#run = run
    this.#records = parts.records
    const { listener } = parts
    this.#report = new ProgressReport((kind, progress) => listener.evaluating(kind, progress))
  }

  /** Results that stay with the run. */
  get records(): readonly EvaluationRecord[] {
    return this.#records
  }

  /** Whether evaluations have failed for want of images. */
  get isStarved(): boolean {
    return this.#starved.length > 0
  }

  /** Asks for an evaluation; it takes the place of one of the same kind. */
  request(request: EvaluationRequest): void {
    if (request.kind === 'knn') this.#isOnlineOff = false
    this.#ask({ request, byItself: false, untrained: false, losses: 0, loading: null })
    this.#run.wake()
  }

  /** Ends an evaluation that waits or is under way. */
  cancel(kind: EvaluationKind): void {
    this.#drop(kind)
    this.#report.end(kind)
    this.#run.wake()
  }

  /** Ends all evaluations: there is no GPU for them, or no run. */
  cancelAll(): void {
    for (const kind of [...this.#wishes.keys()]) {
      this.#drop(kind)
      this.#report.end(kind)
    }
  }

  /** The settings have changed: what failed may succeed now. */
  settingsChanged(): void {
    this.#isOnlineOff = false
  }

  /** There are test images now: what failed for want of them is done. */
  imagesCame(): void {
    this.#isOnlineOff = false
    for (const request of this.#starved.splice(0))
      if (!this.#wishes.has(request.kind)) this.request(request)
  }

  /** The run trains on from a step: time for the online k-NN, every so many steps. */
  reached(trainer: Trainer): void {
    const { knnEvery } = trainer.settings as CommonSettings
    const { steps } = trainer
    if (knnEvery === 0 || steps % knnEvery !== 0) return
    const isDone = this.#records.some(({ step, result }) => result.kind === 'knn' && step === steps)
    if (this.#isOnlineOff || isDone || this.#wishes.has('knn')) return
    const untrained = steps === 0
    this.#ask({ request: { kind: 'knn' }, byItself: true, untrained, losses: 0, loading: null })
  }

  /** Training took so many milliseconds. */
  trained(milliseconds: number): void {
    this.#share.trained(milliseconds)
  }

  /**
   * What is to be done now, between two steps that are all done; null when there is nothing, or when it is training's turn.
   * @param training whether the run trains on
   */
  next(trainer: Trainer, training: boolean): (() => Promise<void>) | null {
    if (this.#abandoned.length > 0) return () => this.#clear()
    for (const lane of this.#inTurn()) {
      const { work } = lane
      if (work !== null)
        return training && !this.#share.isOpen
          ? null
          : () => this.#guarded(work.wish, () => this.#advance(lane, work, training))
      const wish = [...this.#wishes.values()].find(
        ({ request, loading }) => lane.kinds.has(request.kind) && loading === null,
      )
      if (wish) return () => this.#guarded(wish, () => this.#begin(lane, wish, trainer, training))
    }
    return null
  }

  /** Frees everything on the GPU; what is under way begins again with `resumed`. While the run's loop is still. */
  async release(): Promise<void> {
    for (const { work } of this.#lanes) if (work !== null) this.#interrupt(work)
    await this.#clear()
    for (const { snapshots } of this.#lanes) snapshots.dispose()
  }

  /** The run goes on from a step on another GPU: what was found later is found again. */
  resumed(from: number): void {
    this.#records = this.#records.filter(({ step }) => step <= from)
    this.#share.reset()
    this.#parts.listener.evaluations(this.#records)
  }

  /**
   * Short evaluations first. But where the online k-NN takes longer than the steps between two, it begins anew as soon as
   * it ends: it must not keep what a person has asked for waiting for ever.
   */
  #inTurn(): readonly Lane[] {
    const [short, long] = this.#lanes
    const next = short.work?.wish ?? this.#wishes.get('knn')
    return next?.byItself && this.#served === short ? [long, short] : [short, long]
  }

  #ask(wish: Wish): void {
    const { kind } = wish.request
    this.#drop(kind)
    this.#starved = this.#starved.filter((request) => request.kind !== kind)
    this.#wishes.set(kind, wish)
  }

  #drop(kind: EvaluationKind): void {
    this.#wishes.get(kind)?.loading?.abort()
    this.#wishes.delete(kind)
    for (const { work } of this.#lanes) if (work?.wish.request.kind === kind) this.#abandon(work)
  }

  #abandon(work: Work): void {
    this.#abandoned.push(work)
    for (const lane of this.#lanes) if (lane.work === work) lane.work = null
  }

  /** Does a part of an evaluation; what goes wrong ends it, unless it is the GPU, which is for others to tell. */
  async #guarded(wish: Wish, action: () => void | Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      if (this.#isWanted(wish) && (await this.#run.hasGpu())) this.#fail(wish, toFault(error))
    }
  }

  #begin(lane: Lane, wish: Wish, trainer: Trainer, training: boolean): void {
    const { trainImages, testImages, evaluate } = this.#parts
    const { request, untrained } = wish
    const { engine, description, method, settings, images } = trainer
    const needed = testImagesFor(request, settings)
    if (!testImages.has(needed)) {
      void this.#load(wish, needed)
      return
    }
    const subject: Subject = {
      engine,
      description,
      method,
      settings,
      train: { host: firstImages(trainImages, images.count), device: images },
      test: testImages.onDevice(engine, needed),
      floors: this.#floors,
    }
    if (this.#lanes.every(({ work }) => work === null)) {
      testImages.freeOutgrown()
      this.#share.reset()
    }
    const snapshot = lane.snapshots.take(trainer, { request, subject, training, untrained })
    const record = {
      ...snapshot.moment,
      seed: (settings as CommonSettings).seed,
      adapter: engine.adapter.detail,
      settings: evaluationSettings(description, settings),
    }
    const job = evaluate(snapshot, request)
    lane.work = { wish, job, engine, record, began: performance.now() }
  }

  /** Loads the test images that an evaluation needs, in its own time. */
  async #load(wish: Wish, count: number): Promise<void> {
    const { kind } = wish.request
    const loading = new AbortController()
    const { signal } = loading
    wish.loading = loading
    const onProgress = ({ images, ofImages }: LoadProgress): void => {
      const progress = { stage: 'Loading the test images', done: images, total: ofImages }
      if (!signal.aborted) this.#report.show(kind, progress)
    }
    try {
      await this.#parts.testImages.load(count, onProgress, signal)
    } catch (error) {
      if (!signal.aborted) this.#fail(wish, toFault(error))
    }
    wish.loading = null
    this.#run.wake()
  }

  /** Does as much of an evaluation as is its turn. */
  async #advance(lane: Lane, work: Work, training: boolean): Promise<void> {
    const { wish, job } = work
    const { kind } = wish.request
    this.#served = lane
    const turnEnds = performance.now() + TURN
    let now: number
    do {
      const began = performance.now()
      const { done, value } = await job.next()
      now = performance.now()
      if (training) this.#share.worked(now - began)
      if (!this.#isWanted(wish)) return
      if (done) {
        lane.work = null
        this.#found(work, value)
        return
      }
      this.#report.show(kind, value)
    } while (now < turnEnds || (training && this.#share.isOpen))
  }

  #found({ wish, engine, record, began }: Work, result: EvaluationResult): void {
    const { kind } = wish.request
    const took = (performance.now() - began) / 1000
    const whole = { ...record, took, result }
    if (isLasting(whole)) this.#records = withRecord(this.#records, whole)
    this.#parts.listener.evaluated(whole)
    this.#wishes.delete(kind)
    this.#report.end(kind)
    engine.trim()
  }

  #fail(wish: Wish, fault: Fault): void {
    if (!this.#isWanted(wish)) return
    const { request, byItself } = wish
    this.#parts.listener.fault(fault)
    this.cancel(request.kind)
    if (byItself) this.#isOnlineOff = true
    if (fault.code === 'data-missing' || fault.code === 'data-damaged') this.#starved.push(request)
  }

  /** The GPU was lost: the evaluation is begun again once, for it may be what the GPU cannot bear. */
  #interrupt(work: Work): void {
    const { wish } = work
    wish.losses += 1
    if (wish.losses < MOST_LOSSES) {
      this.#abandon(work)
      this.#report.show(wish.request.kind, { stage: 'Waiting for the GPU', done: 0, total: 1 })
    } else this.#fail(wish, lostEvaluating(wish.losses))
  }

  #isWanted(wish: Wish): boolean {
    return this.#wishes.get(wish.request.kind) === wish
  }

  /** Ends what nobody wants any more. */
  async #clear(): Promise<void> {
    for (const { job, engine } of this.#abandoned.splice(0)) {
      await job.return(undefined as never)
      engine.trim()
    }
  }
}
