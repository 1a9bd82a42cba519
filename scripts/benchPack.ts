import { resolve } from 'node:path'
import { runCommand } from './command/command.ts'
import { packBench } from './bench/pack.ts'
import { PACK_USAGE, readPackFolder } from './bench/options.ts'

await runCommand(PACK_USAGE, async () => {
  const out = readPackFolder(process.argv.slice(2))
  if (out === null) {
    console.log(PACK_USAGE)
    return
  }
  await packBench(resolve(out))
  console.log(
    `Packed into ${out}. On any Linux machine with Node.js from 20 on, run.sh there starts it.`,
  )
})
