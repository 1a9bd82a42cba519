import { budgetTable, floorTable } from './bench/interactionBudget.ts'
import { measureSample } from './bench/measuredSample.ts'
import { plainTable } from './bench/table.ts'
import { runCommand } from './command/command.ts'
import { withEngine } from './command/engine.ts'
import { readFlags } from './command/flags.ts'
import { progressOn } from './data/progress.ts'
import { planEvaluation } from './evaluate/plan.ts'
import { loadImages } from './evaluate/subject.ts'

const USAGE = `npm run bench:interactions [-- --checkpoint FILE [--set key=value …] [--seed N]]

How far strengths of interactions can be trusted: on pairs whose interaction is known and, for a checkpoint, by error
bars and pace. The largest budget is that of the settings (interactionImages, interactionContexts, …); smaller ones
are a part of it.`

/** Contexts of a pair, and images, for which error bars are told. */
const CONTEXTS = [4, 8, 16, 32, 64, 128, 256]
const IMAGES = [2, 4, 8, 16, 32, 64]

const upTo = (counts: readonly number[], most: number): readonly number[] => [
  ...counts.filter((count) => count < most),
  most,
]

async function bench(): Promise<void> {
  const { checkpoint, set, seed, help } = readFlags(process.argv.slice(2), {
    checkpoint: { type: 'string' },
    set: { type: 'string', multiple: true },
    seed: { type: 'string' },
    help: { type: 'boolean' },
  })
  if (help) {
    console.log(USAGE)
    return
  }
  console.log(
    'Pairs with a known interaction I, whose contexts scatter with a standard deviation of 1:',
  )
  console.log(plainTable(floorTable(CONTEXTS)))
  if (checkpoint === undefined) return
  const plan = await planEvaluation({ checkpoint, set, seed, probes: ['interactions'], out: '' })
  const images = await loadImages(plan)
  await withEngine(undefined, async (engine) => {
    const progress = progressOn(process.stderr)
    const { sample, accuracy, pace } = await measureSample(engine, plan, images, (each) =>
      progress.update(each.stage, each.done / each.total),
    )
    progress.end()
    const { grid, pairs, contexts, orders } = sample.plan
    console.log(
      `\n${plan.description.name}, step ${plan.moment.step}: linear probe ${accuracy.toFixed(2)} %; ${grid} × ${grid} cells, ${pairs} pairs, orders ${orders.join(', ')}; ${pace.toFixed(0)} forward passes a second on ${engine.adapter.detail}`,
    )
    const imageCounts = upTo(IMAGES, sample.rewards.length)
    console.log(plainTable(budgetTable(sample, imageCounts, upTo(CONTEXTS, contexts))))
  })
}

await runCommand(USAGE, bench)
