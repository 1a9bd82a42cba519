import { parseArgs } from 'node:util'
import { toFault } from '../src/errors.ts'
import { pretrain } from './pretrain/pretrain.ts'

const USAGE = `npm run pretrain -- --method a2mim --preset tiny --steps 200 --seed 1 --out DIR [--set key=value …] [--resume FILE]

  --method   id of the method (default: the first)
  --preset   tiny, small or base (default: small)
  --steps    the step at which the run ends, resumed or not
  --seed     seed of everything random
  --out      folder for metrics.csv, checkpoint.safetensors and summary.json
  --set      any setting, as often as you like
  --resume   goes on from a checkpoint; settings other than live ones are those of the file`

try {
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
  const steps = Number(values.steps)
  if (values.help || !values.out || !Number.isInteger(steps) || steps < 1) {
    console.log(USAGE)
    process.exitCode = values.help ? 0 : 2
  } else {
    await pretrain({ ...values, steps, out: values.out })
  }
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error
  if (isUsage) console.error(`${error.message}\n\n${USAGE}`)
  else {
    const { what, kept, todo, detail } = toFault(error)
    console.error([what, kept, todo, ...(detail === undefined ? [] : [detail])].join('\n'))
  }
  process.exitCode = isUsage ? 2 : 1
}
