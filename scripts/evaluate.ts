import { runCommand } from './command/command.ts'
import { stopAtSignal, type Stop } from './command/signals.ts'
import { evaluateCheckpoint } from './evaluate/evaluate.ts'
import { readOptions, USAGE } from './evaluate/options.ts'
import { FileTuningStore } from './node/tuningStore.ts'

await runCommand(USAGE, async () => {
  const options = readOptions(process.argv.slice(2))
  if (options === null) {
    console.log(USAGE)
    return
  }
  let stop: Stop | undefined
  const stopSignal = () => (stop = stopAtSignal('ending; what is finished is kept')).signal
  const control = { stopSignal, tuningStore: new FileTuningStore() }
  const isFinished = await evaluateCheckpoint(options, control)
  if (!isFinished) process.exitCode = stop?.code ?? 0
})
