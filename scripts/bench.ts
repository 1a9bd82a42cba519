import { toFault } from '../src/errors.ts'
import { bench } from './bench/bench.ts'
import { readOptions, USAGE, UsageError } from './bench/options.ts'

try {
  const options = readOptions(process.argv.slice(2))
  if (options === null) console.log(USAGE)
  else
    await bench(options, {
      say: (text) => console.log(text),
      progress: (text) => console.error(`… ${text}`),
    })
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`)
  else {
    const { what, kept, todo, detail } = toFault(error)
    console.error([what, kept, todo, ...(detail === undefined ? [] : [detail])].join('\n'))
  }
  process.exitCode = error instanceof UsageError ? 2 : 1
}
