import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { toFault } from '../src/errors.ts'
import { FileTuningStore } from './node/tuningStore.ts'
import { pretrain } from './pretrain/pretrain.ts'
import type { PretrainOptions } from './pretrain/wish.ts'

const USAGE = `npm run pretrain -- --method a2mim --preset tiny --steps 200 --seed 1 --out DIR [--set key=value …] [--resume FILE]

  --method   id of the method (default: the first)
  --preset   tiny, small or base (default: small)
  --steps    the step at which the run ends, resumed or not
  --seed     seed of everything random
  --out      folder for metrics.csv, checkpoint.safetensors and summary.json
  --set      any setting, as often as you like
  --resume   goes on from a checkpoint; its settings hold, only live ones may be changed with --set

Ctrl-C ends a run after the present step and writes everything; --resume goes on from there.`

/** A command that cannot be understood. */
class UsageError extends Error {}

function readOptions(): PretrainOptions | null {
  const { values } = parseArgs({
    options: {
      method: { type: 'string' },
      preset: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      set: { type: 'string', multiple: true },
      resume: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return null
  const steps = Number(values.steps)
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError('--steps must be given, a whole number from 1 up.')
  if (!values.out) throw new UsageError('--out must be given, a folder.')
  return { ...values, steps, out: values.out }
}

/** Trains until the end or a signal. A second signal, or one before training, ends the process at once. */
async function train(options: PretrainOptions): Promise<number> {
  let code = 0
  const stopSignal = (): AbortSignal => {
    const stop = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => {
        code = 128 + constants.signals[name]
        console.error(`\n${name}: ending after the present step …`)
        stop.abort()
      })
    return stop.signal
  }
  const isFinished = await pretrain(options, { stopSignal, tuningStore: new FileTuningStore() })
  return isFinished ? 0 : code
}

try {
  const options = readOptions()
  if (options === null) console.log(USAGE)
  else process.exitCode = await train(options)
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error)
  if (isUsage) console.error(`${error.message}\n\n${USAGE}`)
  else {
    const { what, kept, todo, detail } = toFault(error)
    console.error([what, kept, todo, ...(detail === undefined ? [] : [detail])].join('\n'))
  }
  process.exitCode = isUsage ? 2 : 1
}
