import { toFault } from '../../src/errors.ts'

/** A command that cannot be understood. */
export class UsageError extends Error {}

/**
 * Runs a command and tells in words what goes wrong: exit code 2 for a command that cannot be understood, 1 for anything
 * else.
 * @param usage how to use the command
 */
export async function runCommand(usage: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : inWords(error))
  }
}

function inWords(error: unknown): string {
  const { what, kept, todo, detail } = toFault(error)
  return [what, kept, todo, ...(detail === undefined ? [] : [detail])].join('\n')
}
