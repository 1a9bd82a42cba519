import type { Fault } from '../errors.ts'
import { toFault } from '../errors.ts'
import { loadMethod } from '../methods/load.ts'
import type { Event } from '../protocol.ts'
import type { Trainer, TrainerParts } from '../training/trainer.ts'
import { Losses, MOST_LOSSES } from './losses.ts'
import { lostForGood, lostTooOften } from './lossFaults.ts'
import type { Run } from './run.ts'
import type { WorkerGpu } from './workerGpu.ts'

/** What recovery needs of the session. */
export interface RecoveryHost {
  readonly gpu: WorkerGpu
  readonly post: (event: Event) => void
  /** Frees what lies on the GPU beside the run. */
  readonly free: () => void
  /** Makes a trainer for a run, with its images. */
  readonly trainerOf: (runId: number, parts: Omit<TrainerParts, 'images'>) => Trainer
}

/** Takes runs whose GPU has failed up on another one, as they were kept last. */
export class Recovery {
  readonly #host: RecoveryHost
  readonly #losses = new Losses()

  constructor(host: RecoveryHost) {
    this.#host = host
  }

  /** Losses that come from now on have nothing to do with those before. */
  forget(): void {
    this.#losses.forget()
  }

  /** The GPU of a suspended run was lost: gives it another one, unless that has happened too often in a row. */
  async recover(run: Run, fault: Fault): Promise<void> {
    await run.still()
    const { steps: step, keptStep } = run.trainer
    const times = this.#losses.note({ step, keptStep })
    if (times < MOST_LOSSES) await this.rebuild(run)
    else this.#giveUp(run, lostTooOften(times, keptStep, fault.detail))
  }

  /** Gives a suspended run another GPU; stops it when there is none to be had. */
  async rebuild(run: Run): Promise<void> {
    const { gpu, post, free } = this.#host
    if (gpu.working !== null) return
    await run.still()
    const { trainer: lost } = run
    const { state, coming } = lost.kept()
    lost.dispose()
    free()
    try {
      const engine = await gpu.reopen()
      const { description } = lost
      const method = await loadMethod(description.id)
      const parts = { engine, description, method, settings: state.settings, state, coming }
      const trainer = this.#host.trainerOf(run.id, parts)
      if (engine.fault !== null) {
        // It has failed again, which is dealt with after this.
        trainer.dispose()
        return
      }
      const { step, changes } = state
      post({ type: 'recovered', runId: run.id, step, repeated: lost.steps - step, changes })
      this.#losses.resumed()
      run.resume(trainer)
    } catch (error) {
      this.#giveUp(run, lostForGood(lost.keptStep, toFault(error).detail))
    }
  }

  #giveUp(run: Run, fault: Fault): void {
    this.#host.post({ type: 'fault', fault })
    run.fail()
  }
}
