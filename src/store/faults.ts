import type { Fault } from '../errors.ts'

/** The worker died; `keptStep` is the step of the checkpoint in memory, null when there is none. */
export function crashFault(keptStep: number | null, step: number, detail: string): Fault {
  const lost = Math.max(step - (keptStep ?? 0), 0)
  const steps = lost === 1 ? '1 step is' : `${lost} steps are`
  const kept =
    keptStep === null
      ? `Your settings are kept; ${step === 0 ? 'no step had been made yet' : `${steps} lost`}.`
      : `The run is kept as of step ${keptStep}; ${lost === 0 ? 'no step is' : steps} lost.`
  return {
    code: 'worker-crashed',
    what: 'The training worker stopped working.',
    kept,
    todo: 'Start a new worker to go on.',
    detail,
  }
}

/** The worker has said nothing for `seconds` after it was started. */
export function silentFault(seconds: number): Fault {
  return {
    code: 'worker-crashed',
    what: `The GPU has not answered for ${seconds} seconds.`,
    kept: 'Nothing had been started yet; your settings are kept.',
    todo: 'Wait a little longer on a slow computer, or start a new worker. If neither helps, restart the browser.',
  }
}

/** The browser could not hand over a file's bytes. */
export function unreadableFault(fileName: string, error: unknown): Fault {
  return {
    code: 'file-rejected',
    what: `The browser could not read ${fileName}.`,
    kept: 'The present run is untouched.',
    todo: 'Choose the file again; if it is on a removable or network drive, copy it to this computer first.',
    detail: String(error),
  }
}
