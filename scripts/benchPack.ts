import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { toFault } from '../src/errors.ts'
import { packBench } from './bench/pack.ts'

const USAGE = `npm run bench:pack -- --out DIR

Packs the bench into a folder that runs on a Linux machine with a GPU, without network or packages:

  DIR/run.sh --json figures.json

  --out   a new or an empty folder`

/** The folder to pack into; null asks for help. @throws TypeError for a command that cannot be understood */
function readOut(): string | null {
  const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help) return null
  if (!values.out) throw new TypeError('--out must be given, a folder.')
  return resolve(values.out)
}

let out: string | null | undefined
try {
  out = readOut()
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
try {
  if (out === null) console.log(USAGE)
  else if (out !== undefined) {
    await packBench(out)
    console.log(
      `Packed into ${out}. Start it with run.sh there, on any Linux machine with Node.js from 20 on.`,
    )
  }
} catch (error) {
  const { what, kept, todo, detail } = toFault(error)
  console.error([what, kept, todo, ...(detail === undefined ? [] : [detail])].join('\n'))
  process.exitCode = 1
}
