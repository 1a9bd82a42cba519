import { setTimeout as pause } from 'node:timers/promises'
import { describeAdapter } from '../../../src/engine/device.ts'
import { installNullGpu, installWebGpu } from '../../node/gpu.ts'
import { countGpuCalls, type GpuCounters } from '../counters.ts'
import { loadEngine } from '../engines/load.ts'
import type { EngineRun } from '../engines/engineRun.ts'
import type { Backend, OpenOrder, Question, Questions, StepCounts } from './protocol.ts'

/** What one process of the bench knows: one engine with one model. */
export class Answers {
  #run: EngineRun | null = null
  #counters: GpuCounters | null = null

  /** Answers a question of the parent. */
  to(question: Question): Promise<Questions[Question['name']]['answer']> {
    switch (question.name) {
      case 'open':
        return this.#open(question.ask)
      case 'losses':
        return this.#losses(question.ask)
      case 'count':
        return this.#count(question.ask)
      case 'time':
        return this.#time(question.ask)
      case 'profile':
        return this.#profile()
      case 'matmulRate':
        return bestRate(question.ask)
    }
  }

  get #opened(): EngineRun {
    if (this.#run === null) throw new Error('nothing is open')
    return this.#run
  }

  async #open(order: OpenOrder): Promise<string> {
    const adapter = await adapterOf(order.backend)
    // Where time alone is asked for, nothing listens.
    if (order.backend === 'real') this.#counters = countGpuCalls()
    this.#run = await loadEngine(order)
    return adapter
  }

  async #losses(steps: number): Promise<number[]> {
    const losses: number[] = []
    for (let i = 0; i < steps; i++) {
      await this.#opened.step()
      losses.push(await this.#opened.loss())
    }
    return losses
  }

  async #count(steps: number): Promise<StepCounts> {
    const counters = this.#counters
    if (counters === null) throw new Error('nothing is counted here')
    const before = counters.counts()
    for (let i = 0; i < steps; i++) await this.#opened.step()
    const after = counters.counts()
    await this.#finish()
    await collectGarbage()
    return {
      dispatches: (after.dispatches - before.dispatches) / steps,
      submits: (after.submits - before.submits) / steps,
      uploadedBytes: (after.uploadedBytes - before.uploadedBytes) / steps,
      deviceBytes: counters.counts().heldBytes,
    }
  }

  async #time(steps: number): Promise<number> {
    const began = performance.now()
    for (let i = 0; i < steps; i++) await this.#opened.step()
    await this.#finish()
    return (performance.now() - began) / steps
  }

  async #profile(): Promise<Questions['profile']['answer']> {
    return (await this.#opened.profile?.()) ?? null
  }

  async #finish(): Promise<void> {
    await this.#opened.flush()
    await this.#opened.queue.onSubmittedWorkDone()
  }
}

/** Puts WebGPU in place and names its adapter. */
async function adapterOf(backend: Backend): Promise<string> {
  if (backend === 'null') installNullGpu()
  else installWebGpu()
  const adapter = await navigator.gpu.requestAdapter()
  return adapter === null ? 'none' : describeAdapter(adapter.info).detail
}

async function bestRate(sides: readonly number[]): Promise<number> {
  installWebGpu()
  const { matmulRate } = await import('../engines/matmulRate.ts')
  return matmulRate(sides)
}

/** Buffers that nobody holds any more are freed; their finalisers run a little later. */
async function collectGarbage(): Promise<void> {
  globalThis.gc?.()
  await pause(0)
}
