import type { KernelCost } from '../../../src/profile.ts'

/** A model on one engine, trained step by step on one batch that stays on the GPU. */
export interface EngineRun {
  /** The queue on which the work ends up. */
  readonly queue: GPUQueue
  /** Does one training step as a training loop would; resolves when the host may begin the next. */
  step(): Promise<void>
  /** Hands over to the queue whatever is still held back, so that the queue's end is the end of all steps. */
  flush(): Promise<void>
  /** The loss of the last step, taken before its update. */
  loss(): Promise<number>
  /** Does a step and says what each family of kernels costs in it; only where the engine can. */
  profile?(): Promise<readonly KernelCost[]>
}
