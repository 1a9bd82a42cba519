/** What the kernels of one family cost in one step. */
export interface KernelCost {
  readonly family: string
  readonly dispatches: number
  /** Bytes that they read and write at least once. */
  readonly bytes: number
  /** GPU time in ms; null where the adapter cannot tell. */
  readonly milliseconds: number | null
}

/** What the present training step costs. */
export interface StepProfile {
  /** Steps done when it was measured. */
  readonly step: number
  readonly kernels: readonly KernelCost[]
  readonly dispatches: number
  readonly submits: number
  /** Host time of a step in ms, the median of the last ones; null when there was only the first, which compiles. */
  readonly hostMilliseconds: number | null
  /** Bytes that a step sends to the GPU. */
  readonly uploadedBytes: number
  /** Bytes planned for what a step computes. */
  readonly plannedBytes: number
  /** The most bytes that are in use at one moment of a step: no plan can do with less. */
  readonly liveBytes: number
  /** Bytes of numbers that never change. */
  readonly constantBytes: number
  /** Bytes of GPU memory really held, for everything. */
  readonly heldBytes: number
}
