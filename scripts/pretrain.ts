import { UsageError } from './command/command.ts'
import { readFlags } from './command/flags.ts'
import { runLongCommand } from './command/longCommand.ts'
import { pretrain } from './pretrain/pretrain.ts'
import { TABLES_EVERY, type PretrainOptions } from './pretrain/wish.ts'

const USAGE = `npm run pretrain -- --method a2mim --preset tiny --steps 200 --seed 1 --out DIR [--set key=value …] [--resume FILE] [--tables-every ${TABLES_EVERY}]

  --method   id of the method (default: the first)
  --preset   tiny, small or base (default: small)
  --steps    the step at which the run ends, resumed or not
  --seed     seed of everything random
  --out      folder for metrics.csv, checkpoint.safetensors, summary.json and, every knnEvery steps, knn.csv
  --set      any setting, as often as you like
  --resume   goes on from a checkpoint; its settings hold, only live ones may be changed with --set
  --tables-every
             steps over which tables.csv takes its means, for methods with tables (default: ${TABLES_EVERY}; 0 for none)

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
    'tables-every': { type: 'string' },
    help: { type: 'boolean' },
  })
  if (values.help) return null
  const steps = Number(values.steps)
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError('--steps must be given, a whole number from 1 up.')
  const tablesEvery = Number(values['tables-every'] ?? TABLES_EVERY)
  if (!Number.isInteger(tablesEvery) || tablesEvery < 0)
    throw new UsageError('--tables-every must be a whole number from 0 up.')
  if (!values.out) throw new UsageError('--out must be given, a folder.')
  return { ...values, steps, out: values.out, tablesEvery }
}

await runLongCommand({
  usage: USAGE,
  ending: 'ending after the present step',
  readOptions,
  work: pretrain,
})
