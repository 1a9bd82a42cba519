import { join } from 'node:path'
import type { ImageSet } from '../../src/data/images.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { TuningStore } from '../../src/engine/tuning/store.ts'
import { evaluate } from '../../src/evaluation/evaluate.ts'
import { recommendedFor } from '../../src/methods/description.ts'
import type { LastingResult } from '../../src/results.ts'
import { withEngine } from '../command/engine.ts'
import { makeFolder, replaceJson } from '../command/files.ts'
import { finishUnless } from '../command/finishUnless.ts'
import { interactionsTable } from '../command/interactionsTable.ts'
import { resultLine, warningLines } from '../command/resultLine.ts'
import { progressOn } from '../data/progress.ts'
import type { EvaluateOptions } from './options.ts'
import { planEvaluation, type Plan } from './plan.ts'
import { requestOf } from './probes.ts'
import { reportOf, type Results } from './report.ts'
import { snapshotOf } from './snapshotOf.ts'
import { loadImages, subjectOf } from './subject.ts'

/** What a host gives to an evaluation. */
export interface EvaluateControl {
  /** Called when the evaluation begins: gives the signal that ends it. */
  readonly stopSignal?: () => AbortSignal
  /** Keeps what tuning found for the next command. */
  readonly tuningStore?: TuningStore
}

/**
 * Evaluates a checkpoint without a page, with the same code, and writes `evaluation.json`: anew after every probe, so
 * that what is finished is there whatever happens to the rest.
 * @returns false when the signal ended it before its time
 * @throws PeekabooError for bad settings, data, checkpoints and folders, and for GPU faults
 */
export async function evaluateCheckpoint(
  options: EvaluateOptions,
  { stopSignal, tuningStore }: EvaluateControl = {},
): Promise<boolean> {
  const plan = await planEvaluation(options)
  await makeFolder(options.out)
  const images = await loadImages(plan)
  const file = join(options.out, 'evaluation.json')
  return withEngine(tuningStore, (engine) => run(engine, plan, images, file, stopSignal?.()))
}

async function run(
  engine: Engine,
  plan: Plan,
  images: { readonly train: ImageSet; readonly test: ImageSet },
  file: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const subject = await subjectOf(engine, plan, images)
  const snapshot = snapshotOf(subject, plan)
  const progress = progressOn(process.stderr)
  const representations = plan.description.representations(plan.settings)
  let results: Results = {}
  try {
    for (const probe of plan.probes) {
      const began = performance.now()
      const representation = plan.features ?? recommendedFor(representations, probe).id
      const job = evaluate(snapshot, requestOf(probe, representation))
      const result = await finishUnless(signal, job, ({ stage, done, total }) =>
        progress.update(stage, done / total),
      )
      progress.end()
      if (result === null) return false
      const took = (performance.now() - began) / 1000
      results = { ...results, [probe]: { result, took } }
      await replaceJson(file, reportOf(plan, engine.adapter, results))
      console.log(`${resultLine(result as LastingResult)}, ${took.toFixed(1)} s`)
      for (const line of warningLines(result as LastingResult)) console.log(line)
      if (result.kind === 'interactions') console.log(interactionsTable(result))
    }
  } finally {
    progress.end()
  }
  console.log(`Written to ${file}.`)
  return true
}
