import { constants } from 'node:os'

/** How a person ends a long command. */
export interface Stop {
  readonly signal: AbortSignal
  /** What the shell expects of a command that was ended so; 0 when it was not. */
  readonly code: number
}

/**
 * Listens for Ctrl-C and `kill`. The first of them only asks the command to end; the second ends the process at once.
 * @param ending what the command still does, for the person: "ending after the present step"
 */
export function stopAtSignal(ending: string): Stop {
  const controller = new AbortController()
  const stop = { signal: controller.signal, code: 0 }
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stop.code = 128 + constants.signals[name]
      console.error(`\n${name}: ${ending} …`)
      controller.abort()
    })
  return stop
}
