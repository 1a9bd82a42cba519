import { UsageError } from './command/command.ts'
import { readFlags } from './command/flags.ts'
import { runLongCommand } from './command/longCommand.ts'
import { pretrain } from './pretrain/pretrain.ts'
import type { PretrainOptions } from './pretrain/wish.ts'

const USAGE = `npm run pretrain -- --method a2mim --preset tiny --steps 200 --seed 1 --out DIR [--set key=value …] [--resume FILE]

  --method   id of the method (default: the first)
  --preset   tiny, small or base (default: small)
  --steps    the step at which the run ends, resumed or not
  --seed     seed of everything random
  --out      folder for metrics.csv, checkpoint.safetensors, summary.json and, every knnEvery steps, knn.csv
  --set      any setting, as often as you like
  --resume   goes on from a checkpoint; its settings hold, only live ones may be changed with --set

Ctrl-C ends a run after the present step and writes everything; --resume goes on from there.`

function readOptions(args: readonly string[]): PretrainOptions | null {
  const values = readFlags(args, {
    method: { type: 'string' },
    preset: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true },
    resume: { type: 'string' },
    help: { type: 'boolean' },
  })
  if (values.help) return null
  const steps = Number(values.steps)
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError('--steps must be given, a whole number from 1 up.')
  if (!values.out) throw new UsageError('--out must be given, a folder.')
  return { ...values, steps, out: values.out }
}

await runLongCommand({
  usage: USAGE,
  ending: 'ending after the present step',
  readOptions,
  work: pretrain,
})
