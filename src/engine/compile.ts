/** How far the preparation of a new recording has come: kernels compiled, or product variants timed. */
export interface CompileProgress {
  readonly stage: 'compiling' | 'tuning'
  readonly done: number
  /** `done` reaches it at the end of the stage. */
  readonly total: number
}
