import { runLongCommand } from './command/longCommand.ts'
import { evaluateCheckpoint } from './evaluate/evaluate.ts'
import { readOptions, USAGE } from './evaluate/options.ts'

await runLongCommand({
  usage: USAGE,
  ending: 'ending; what is finished is kept',
  readOptions,
  work: evaluateCheckpoint,
})
