import { bench } from './bench/bench.ts'
import { runCommand } from './command/command.ts'
import { readOptions, USAGE } from './bench/options.ts'

await runCommand(USAGE, async () => {
  const options = readOptions(process.argv.slice(2))
  if (options === null) console.log(USAGE)
  else
    await bench(options, {
      say: (text) => console.log(text),
      progress: (text) => console.error(`… ${text}`),
    })
})
