/** What went wrong, as a machine-readable kind. */
export type FaultCode =
  | 'webgpu-missing'
  | 'device-lost'
  | 'gpu-error'
  | 'out-of-memory'
  | 'diverged'
  | 'data-missing'
  | 'data-damaged'
  | 'file-rejected'
  | 'setting-invalid'
  | 'worker-crashed'
  | 'storage'
  | 'internal'

/** A fault in words for the person: what happened, what was kept, what to do. Travels between worker and page. */
export interface Fault {
  readonly code: FaultCode
  /** What happened, in one plain sentence. */
  readonly what: string
  /** What was kept: weights, the present run, the cache, nothing. */
  readonly kept: string
  /** What the person can do now. */
  readonly todo: string
  /** Technical detail for a bug report, if there is any. */
  readonly detail?: string
}

/** The one error class of the project: every expected failure is thrown as one of these. */
export class PeekabooError extends Error {
  readonly fault: Fault

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.what, options)
    this.name = 'PeekabooError'
    this.fault = fault
  }
}

/** Turns anything thrown into a fault; an unexpected error becomes `internal` with its message as detail. */
export function toFault(error: unknown): Fault {
  if (error instanceof PeekabooError) return error.fault
  return {
    code: 'internal',
    what: 'Something unexpected went wrong.',
    kept: 'The last saved state of the run is kept.',
    todo: 'Try again; if it happens again, please report it with the detail below.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}
