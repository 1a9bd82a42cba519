import type { Fault } from '../../errors.ts'
import { recommendedFor } from '../../methods/description.ts'
import type { EvaluationRequest } from '../../results.ts'
import type { Client } from '../client.ts'
import type { Reins } from '../driver.ts'
import { recordsOf } from '../evaluations.ts'
import { methodOf } from '../form.ts'
import type { Series } from '../series.ts'
import type { SessionStore } from '../session.ts'
import { setAside } from './aside.ts'
import { recordNow, secondsOf } from './collect.ts'
import { failureOf } from './failure.ts'
import { isRun, type Comparison, type RunKey, type RunOutcome, type RunRecord } from './model.ts'
import { begun, withRecord } from './outcomes.ts'
import { nextRun, runsOf, settingsOf } from './plan.ts'
import { changeComparison, comparisonOf, type CompareStore, type QueueStatus } from './store.ts'
import { fitsDue, limitOf, nextRest, stepsInTime, stepsOf, usedOf } from './timing.ts'

/** What the queue needs of the page. */
export interface QueueParts {
  readonly client: Client
  readonly session: SessionStore
  readonly series: Series
  readonly store: CompareStore
}

/**
 * Runs a comparison: one run after another, through the ordinary commands. It goes on by what the worker says, so it
 * also does in a background tab. Whatever happens to a run is noted in its record, and the next one begins; at the end
 * the person has the run and the form back that they had before.
 */
export class CompareQueue {
  readonly #parts: QueueParts
  #reins: Reins | null = null
  #unsubscribe: () => void = () => undefined
  /** The session has changed and is looked at once for all its changes. */
  #looks = false
  /** What is measured where the run rests has been asked for. */
  #asked = false
  /** The last thing that had gone wrong by then. */
  #faultBefore: Fault | undefined
  /** The step at which the run rests next. */
  #until = 0
  /** Seconds of training at which it does, whatever its step. */
  #restAt = Infinity
  /** It has been told to, because of the time. */
  #rests = false
  /** How often the schedule has been fitted to its pace. */
  #fits = 0
  /** Training was ordered, and the worker has not said yet that it does. */
  #ordered = false

  constructor(parts: QueueParts) {
    this.#parts = parts
  }

  /** Runs everything of a comparison that waits. Nothing happens while one is run, or where nothing waits. */
  async start(id: string): Promise<void> {
    const { client, session, store } = this.#parts
    const comparison = comparisonOf(store.getState(), id)
    if (this.#status !== null || !comparison || !nextRun(comparison)) return
    this.#reins = client.drive({
      pause: () => this.pause(),
      goOn: () => this.goOn(),
      yield: () => this.#yield(),
    })
    const status: QueueStatus = {
      comparison: id,
      phase: 'setting-aside',
      run: null,
      paused: false,
      stopAfter: false,
    }
    store.setState({ status })
    this.#tell()
    const aside = await setAside(session, this.#reins)
    // Stopped or taken over meanwhile.
    if (store.getState().status?.phase !== 'setting-aside') return
    if (aside === null) {
      this.#finish()
      return
    }
    store.setState({ aside })
    this.#unsubscribe = session.subscribe(() => this.#onChange())
    this.#next()
  }

  /** Pauses the run in hand, or before the next one. */
  pause(): void {
    if (this.#status === null || this.#status.paused) return
    this.#change({ paused: true })
    if (this.#status.phase === 'training') this.#reins?.pause()
  }

  /** Goes on after a pause. */
  goOn(): void {
    if (this.#status?.paused !== true) return
    this.#change({ paused: false })
    if (this.#status.phase === 'waiting') {
      this.#next()
      return
    }
    this.#ordered = false
    if (this.#isInHand) this.#look()
  }

  /** Ends the comparison with the run in hand, or does not. */
  stopAfterThis(wanted: boolean): void {
    if (this.#status !== null) this.#change({ stopAfter: wanted })
  }

  /** Leaves the run in hand as it is and begins the next one. One that lacks nothing but interactions is done. */
  skip(): void {
    if (this.#isInHand) this.#end('skipped')
  }

  /** Ends the comparison: the run in hand is left as it is, the others wait. */
  stop(): void {
    if (this.#status === null || this.#status.phase === 'putting-back') return
    if (this.#status.phase === 'setting-aside') {
      this.#finish()
      return
    }
    this.#note('interrupted')
    void this.#putBack()
  }

  get #status(): QueueStatus | null {
    return this.#parts.store.getState().status
  }

  get #comparison(): Comparison | undefined {
    const state = this.#parts.store.getState()
    return comparisonOf(state, state.status?.comparison ?? null)
  }

  /** A run is being built, trained or measured. */
  get #isInHand(): boolean {
    return this.#status !== null && this.#status.run !== null
  }

  #change(change: Partial<QueueStatus>): void {
    this.#parts.store.setState(({ status }) => ({ status: status && { ...status, ...change } }))
    this.#tell()
  }

  /** Says on the page who drives. */
  #tell(): void {
    const { comparison, phase, run, paused } = this.#status!
    const plan = comparisonOf(this.#parts.store.getState(), comparison)
    const all = plan ? runsOf(plan) : []
    const variant = plan?.variants.find(({ id }) => id === run?.variant)
    const what =
      phase === 'setting-aside'
        ? 'your run is put aside'
        : phase === 'putting-back'
          ? 'your run comes back'
          : run && variant
            ? `run ${all.findIndex(isRun(run)) + 1} of ${all.length}: ${variant.label}`
            : 'between two runs'
    this.#reins?.tell({ name: plan?.name ?? '', what, paused })
  }

  // ---- one run ----

  #next(): void {
    const comparison = this.#comparison
    const key = comparison && nextRun(comparison)
    if (!key || this.#status?.stopAfter === true) {
      void this.#putBack()
      return
    }
    if (this.#status?.paused === true) {
      this.#change({ phase: 'waiting', run: null })
      return
    }
    this.#begin(comparison, key)
  }

  #begin(comparison: Comparison, key: RunKey): void {
    const { values } = settingsOf(methodOf(comparison.method), comparison, key)
    this.#fits = 0
    this.#record(begun(key, values))
    this.#change({ phase: 'building', run: key })
    this.#reins!.start(comparison.method, values)
  }

  /** After all that the worker said in one go: a fault comes beside the state that it leads to. */
  #onChange(): void {
    if (this.#looks) return
    this.#looks = true
    queueMicrotask(() => {
      this.#looks = false
      if (this.#isInHand) this.#look()
    })
  }

  /** Does what the state of the run in hand asks for. */
  #look(): void {
    const { session } = this.#parts
    const { run, running, crashed } = session.getState()
    if (crashed || run.state === 'stopped') {
      this.#end('failed', failureOf(session.getState()))
      return
    }
    const { phase, paused } = this.#status!
    if (phase === 'training') this.#watch()
    else if (phase === 'measuring' || phase === 'interactions') this.#measure(phase)
    else if (run.state === 'paused' && running !== null && !paused) this.#goFrom(0)
  }

  /** Looks after a run that trains. */
  #watch(): void {
    const { session, series } = this.#parts
    const { run } = session.getState()
    if (run.state === 'training') this.#ordered = false
    this.#fit()
    if (!this.#rests && secondsOf(series) >= this.#restAt) {
      this.#rests = true
      this.#reins!.pause()
    }
    if (run.state !== 'paused') return
    if (run.step >= this.#until || this.#rests) this.#beginToMeasure()
    else if (this.#status?.paused === false && !this.#ordered) this.#train()
  }

  /** Lets the schedule end with the time, as far as the pace tells. */
  #fit(): void {
    const { series, session } = this.#parts
    const { budget } = this.#comparison!
    const due = fitsDue(budget, secondsOf(series))
    const steps = due > this.#fits ? stepsInTime(series, limitOf(budget)) : null
    if (steps === null) return
    this.#fits = due
    if (session.getState().running?.values.scheduleSteps !== steps)
      this.#reins!.change({ scheduleSteps: steps })
  }

  /** A run rests at a step where nothing is left to measure, or has not begun. */
  #goFrom(step: number): void {
    const { budget } = this.#comparison!
    const { byTime, knnEvery } = budget
    const steps = stepsOf(budget)
    if (step === 0 && (byTime || knnEvery > 0) && this.#status?.phase === 'building') {
      this.#beginToMeasure()
      return
    }
    // It rests for every measurement: so all runs are measured at the same steps, and none while it trains.
    const next = !byTime && knnEvery > 0 ? (Math.floor(step / knnEvery) + 1) * knnEvery : steps
    this.#until = Math.min(next, steps)
    this.#restAt = nextRest(budget, secondsOf(this.#parts.series))
    this.#rests = false
    this.#change({ phase: 'training' })
    if (this.#status?.paused === false) this.#train()
  }

  #train(): void {
    this.#ordered = true
    this.#reins!.train(this.#until)
  }

  #beginToMeasure(phase: 'measuring' | 'interactions' = 'measuring'): void {
    this.#asked = false
    this.#change({ phase })
    this.#measure(phase)
  }

  /** Waits for what is measured at the step at which the run rests. What fails does not hold it up. */
  #measure(phase: 'measuring' | 'interactions'): void {
    const { client, session, series } = this.#parts
    const { run, evaluations, faults } = session.getState()
    const kind = phase === 'interactions' ? phase : 'knn'
    if (run.state !== 'paused' || evaluations.progress[kind] !== undefined) return
    if (!this.#asked) {
      this.#asked = true
      this.#faultBefore = faults.at(-1)?.fault
      client.evaluate(kind === 'knn' ? { kind } : this.#interactions)
      return
    }
    const { budget } = this.#comparison!
    const { step } = run
    if (usedOf(budget, { step, seconds: secondsOf(series) }) < 1) {
      this.#note('running')
      this.#goFrom(step)
    } else if (phase === 'interactions') {
      const fault = faults.at(-1)?.fault
      const isMissing = recordsOf(evaluations.kept, 'interactions').at(-1)?.step !== step
      this.#end('done', isMissing && fault && fault !== this.#faultBefore ? fault : null)
    } else if (budget.interactions) {
      // Whatever becomes of them, and of the page: the run is made.
      this.#note('done')
      this.#beginToMeasure('interactions')
    } else this.#end('done')
  }

  /** What is asked of a run at its end. */
  get #interactions(): EvaluationRequest {
    const { method, values } = this.#parts.session.getState().running!
    const representations = methodOf(method).representations(values)
    const { id } = recommendedFor(representations, 'interactions')
    return { kind: 'interactions', representation: id }
  }

  #end(outcome: RunOutcome, fault: Fault | null = null): void {
    this.#note(outcome, fault)
    this.#change({ run: null, phase: 'waiting' })
    this.#next()
  }

  /** Writes down how the run in hand stands; nothing when there is none. */
  #note(wanted: RunOutcome, fault: Fault | null = null): void {
    const { session, series } = this.#parts
    const comparison = this.#comparison
    const key = this.#status?.run
    const before = key && comparison?.runs.find(isRun(key))
    if (!comparison || !before) return
    // A run that is done stays so when its interactions are given up.
    const isMade = this.#status.phase === 'interactions' && wanted !== 'running'
    const standing = { outcome: isMade ? 'done' : wanted, fault } as const
    this.#record(recordNow(before, standing, comparison.budget, session.getState(), series))
  }

  #record(record: RunRecord): void {
    const { store } = this.#parts
    changeComparison(store, this.#status!.comparison, (plan) => withRecord(plan, record))
  }

  // ---- the end ----

  /** The person has the form and the run back that they had before. */
  async #putBack(): Promise<void> {
    const { client, session, store } = this.#parts
    const { aside } = store.getState()
    this.#unsubscribe()
    this.#change({ phase: 'putting-back', run: null })
    if (aside === null) {
      this.#finish()
      return
    }
    const { form, snapshot, savedStep } = aside
    const { method, preset, values } = form
    session.setState({ method, preset, wanted: values })
    const isBack = snapshot === null || (await this.#reins!.putBack(snapshot, savedStep))
    // Taken over meanwhile: what was put aside stays so.
    if (this.#status === null) return
    if (isBack) store.setState({ aside: null })
    this.#finish()
    // It had made no step: the same run is built once more.
    if (snapshot === null) client.start()
  }

  /** The person takes over: the run in hand is theirs, and what they had before stays aside. */
  #yield(): void {
    this.#note('interrupted')
    this.#finish()
  }

  #finish(): void {
    this.#unsubscribe()
    this.#unsubscribe = () => undefined
    this.#parts.store.setState({ status: null })
    this.#reins?.letGo()
    this.#reins = null
  }
}
