import type { Fault } from '../../../src/errors.ts'
import type { KernelCost } from '../../../src/profile.ts'
import type { AttentionRun, EngineName, Workload } from '../workloads.ts'

/** Where a process computes: on the machine's adapter, or on Dawn's null backend, which executes nothing. */
export type Backend = 'real' | 'null'

/** What a process is to train; once, before anything else. */
export interface OpenOrder {
  readonly workload: Workload | AttentionRun
  readonly engine: EngineName
  readonly backend: Backend
  /** Images of a step; the workload's own when absent. */
  readonly batch?: number | undefined
}

/** What a step asks of WebGPU, averaged over steps, and what is held after them. */
export interface StepCounts {
  readonly dispatches: number
  readonly submits: number
  readonly uploadedBytes: number
  readonly deviceBytes: number
}

/** What a process can be asked, one question at a time. */
export interface Questions {
  /** Makes the model. The answer names the adapter. */
  open: { ask: OpenOrder; answer: string }
  /** Takes so many steps and tells the loss of each. */
  losses: { ask: number; answer: readonly number[] }
  /** Takes so many steps and counts. */
  count: { ask: number; answer: StepCounts }
  /** Takes so many steps, waits until the queue is done, and tells the milliseconds of one. */
  time: { ask: number; answer: number }
  /** Takes a step and tells what each family of kernels costs; null where the engine cannot. */
  profile: { ask: null; answer: readonly KernelCost[] | null }
  /** Instead of `open`: multiply-adds a second that our products of square matrices of these sides reach at best. */
  matmulRate: { ask: readonly number[]; answer: number }
}

/** The name of a question. */
export type QuestionName = keyof Questions

/** A question on its way to the process. */
export type Question = {
  [Name in QuestionName]: { readonly name: Name; readonly ask: Questions[Name]['ask'] }
}[QuestionName]

/** The answer on its way back. */
export type Reply = { readonly answer: unknown } | { readonly fault: Fault }
