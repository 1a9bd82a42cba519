import { FileTuningStore } from '../node/tuningStore.ts'
import { runCommand } from './command.ts'
import { stopAtSignal, type Stop } from './signals.ts'

/** What a long command gets of its process. */
export interface LongControl {
  /** Called when it begins what a signal may end: gives that signal. */
  readonly stopSignal: () => AbortSignal
  readonly tuningStore: FileTuningStore
}

/** A command that a person may end before its time. */
export interface LongCommand<O> {
  readonly usage: string
  /** What it still does when it is ended: see `stopAtSignal`. */
  readonly ending: string
  /** Null when the person only asks how to use it. */
  readonly readOptions: (words: string[]) => O | null
  /** Resolves with false when the signal ended it. */
  readonly work: (options: O, control: LongControl) => Promise<boolean>
}

/** Runs a long command with the words of the command line; exit codes as `runCommand`, or the signal's. */
export function runLongCommand<O>(command: LongCommand<O>): Promise<void> {
  const { usage, ending, readOptions, work } = command
  return runCommand(usage, async () => {
    const options = readOptions(process.argv.slice(2))
    if (options === null) {
      console.log(usage)
      return
    }
    let stop: Stop | undefined
    const stopSignal = () => (stop = stopAtSignal(ending)).signal
    const isFinished = await work(options, { stopSignal, tuningStore: new FileTuningStore() })
    if (!isFinished) process.exitCode = stop?.code ?? 0
  })
}
