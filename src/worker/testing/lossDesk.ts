import { expect, vi } from 'vitest'
import { readRun } from '../../checkpoint/runFile.ts'
import type { RunState } from '../../checkpoint/runState.ts'
import { syntheticData } from '../../data/testing/synthetic.ts'
import { currentEngine } from '../../engine/current.ts'
import type { FaultCode } from '../../errors.ts'
import { Keeper } from '../../training/keeper.ts'
import { Trainer } from '../../training/trainer.ts'
import { Desk } from './desk.ts'
import { duringSteps } from './duringSteps.ts'
import { GatedSource } from './gatedSource.ts'

/** Takes the GPU away. */
export const loseGpu = (): void => currentEngine().device.destroy()

/** Waits until everything that has happened so far has been told. */
export const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))

/** A desk whose GPU gets lost; its runs are kept when they rest, and not now and then. */
export class LossDesk extends Desk {
  static async open(): Promise<LossDesk> {
    const { manifest, files } = await syntheticData(2)
    return new LossDesk(new GatedSource(manifest, files))
  }

  /** The faults so far. */
  get codes(): FaultCode[] {
    return this.all('fault').map(({ fault }) => fault.code)
  }

  /** The checkpoint that is saved now. */
  async saved(runId: number): Promise<RunState> {
    const from = this.events.length
    this.send({ type: 'export', purpose: 'save', runId, history: 'charts' })
    const { bytes, step } = await this.next('checkpoint', () => true, from)
    const { state } = await readRun(new Uint8Array(bytes), 'run')
    expect(state.step).toBe(step)
    return state
  }

  /** Starts a run, makes so many steps and waits until they are kept. */
  async restingAt(runId: number, steps: number): Promise<void> {
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
    const keep = vi.spyOn(Trainer.prototype, 'keep').mockClear()
    await this.start(runId)
    await this.pausesAfter(runId, () => {
      for (let step = 0; step < steps; step++) this.send({ type: 'step', runId })
    })
    await vi.waitFor(() => expect(keep.mock.settledResults.at(-1)?.type).toBe('fulfilled'), {
      timeout: 60_000,
    })
    this.events.length = 0
  }

  /** Trains on and pauses at a step. */
  async trainTo(runId: number, step: number): Promise<void> {
    duringSteps({ [step]: () => this.send({ type: 'pause', runId }) })
    await this.pausesAfter(runId, () => this.send({ type: 'train', runId }))
  }
}
