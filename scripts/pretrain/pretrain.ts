import { DeviceImages } from '../../src/data/deviceImages.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { TuningStore } from '../../src/engine/tuning/store.ts'
import { toFault } from '../../src/errors.ts'
import { loadMethod } from '../../src/methods/load.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { Trainer } from '../../src/training/trainer.ts'
import { withEngine } from '../command/engine.ts'
import { resultLine, warningLines } from '../command/resultLine.ts'
import { loadRunImages, type RunImages } from './images.ts'
import type { MetricsFile } from './metricsFile.ts'
import { OnlineKnn } from './onlineKnn.ts'
import { planRun, type Plan } from './plan.ts'
import { RunFolder } from './runFolder.ts'
import { showProgress } from './showProgress.ts'
import { TABLES_EVERY, type PretrainOptions } from './wish.ts'

/** How a run behaves in time. */
export interface PretrainControl {
  /** Called when training begins: gives the signal that ends it after the present step, with everything written. */
  readonly stopSignal?: () => AbortSignal
  /** Milliseconds after which a long run writes a checkpoint, over and over. */
  readonly checkpointEvery?: number
  /** Keeps what tuning found for the next run. */
  readonly tuningStore?: TuningStore
}

const FIVE_MINUTES = 5 * 60_000

/**
 * Trains headless with the same Trainer as the page and writes `metrics.csv`, `checkpoint.safetensors`,
 * `summary.json` and, where online k-NN is due, `knn.csv`; for methods with tables `tables.csv`. A diverged run writes all of them with its last good state before it fails.
 * @returns false when the signal ended it before its time
 * @throws PeekabooError for bad settings, data, checkpoints and folders, for divergence and GPU faults
 */
export async function pretrain(
  options: PretrainOptions,
  control: PretrainControl = {},
): Promise<boolean> {
  const plan = await planRun(options)
  const folder = await RunFolder.make(options.out)
  const settings = { ...plan.settings, ...plan.changes } as CommonSettings
  const images = await loadRunImages(settings, plan.resumed?.step ?? 0, options.steps)
  return withEngine(control.tuningStore, (engine) =>
    run(engine, images, plan, folder, options, control),
  )
}

async function run(
  engine: Engine,
  images: RunImages,
  { description, settings, resumed, changes }: Plan,
  folder: RunFolder,
  { steps, tablesEvery = TABLES_EVERY }: PretrainOptions,
  { stopSignal, checkpointEvery = FIVE_MINUTES }: PretrainControl,
): Promise<boolean> {
  const trainer = new Trainer({
    engine,
    description,
    method: await loadMethod(description.id),
    settings,
    images: new DeviceImages(engine, images.training),
    state: resumed?.state,
  })
  trainer.change(changes)
  const metrics = folder.metrics(trainer.metricKeys, resumed)
  const tables = await folder.tables(trainer.tables, tablesEvery, resumed)
  const progress = showProgress(process.stderr, trainer.steps, steps)
  trainer.onMetrics = (row) => {
    metrics.add(row)
    tables?.add(row)
    progress.step(row.step, row.values.loss!)
  }
  const knn = new OnlineKnn({ trainer, images, evaluations: resumed?.state.evaluations ?? '' })
  const knnFile = await folder.knn(knn.representations, images.knn !== null, resumed)
  const clock = { began: performance.now(), from: trainer.steps }
  const save = async () => {
    const state = await trainer.state()
    tables?.flush()
    await folder.saveCheckpoint({ ...state, evaluations: knn.evaluations })
  }
  const finish = async (): Promise<void> => {
    progress.end()
    metrics.close()
    knnFile?.close()
    tables?.close()
    // What a failed GPU holds is lost; the last checkpoint is not.
    if (engine.fault !== null) return
    await save()
    const summary = summaryOf(engine, trainer, metrics, knn, clock)
    await folder.saveSummary(summary)
    console.log(lineOf(summary, folder.path))
  }
  const signal = stopSignal?.()
  const evaluate = async (): Promise<void> => {
    await trainer.settle()
    const record = await knn.evaluate(signal, progress.evaluating)
    if (record === null) return
    knnFile?.add(record)
    progress.say(`step ${record.step} · ${resultLine(record.result)}, ${record.took.toFixed(1)} s`)
    for (const line of warningLines(record.result)) progress.say(line)
  }
  try {
    let saved = performance.now()
    while (trainer.steps < steps && !signal?.aborted) {
      await trainer.step()
      if (knn.isDue) await evaluate()
      if (performance.now() - saved < checkpointEvery) continue
      await save()
      saved = performance.now()
    }
    await trainer.settle()
  } catch (error) {
    // The reason why the run ended comes last: it matters more than what goes wrong after it.
    await finish().catch((another: unknown) => console.error(toFault(another).what))
    throw error
  }
  await finish()
  return trainer.steps >= steps
}

function summaryOf(
  engine: Engine,
  trainer: Trainer,
  { first, last }: MetricsFile,
  knn: OnlineKnn,
  { began, from }: { readonly began: number; readonly from: number },
) {
  const seconds = (performance.now() - began) / 1000
  const { batchSize } = trainer.settings as CommonSettings
  return {
    method: trainer.description.id,
    settings: trainer.settings,
    adapter: engine.adapter,
    steps: trainer.steps,
    // Of the steps that this command made.
    firstLoss: first?.values.loss ?? null,
    lastLoss: last?.values.loss ?? null,
    seconds,
    // Of training alone.
    imagesPerSecond: ((trainer.steps - from) * batchSize) / (seconds - knn.seconds),
    deviceBytes: engine.memory().bytes,
    // Of the whole run; accuracies in percent, the best one by the first representation.
    knn: knn.summary,
    knnSeconds: knn.seconds,
  }
}

function lineOf(
  { steps, firstLoss, lastLoss, imagesPerSecond, deviceBytes }: ReturnType<typeof summaryOf>,
  out: string,
): string {
  const loss = `loss ${firstLoss?.toFixed(4) ?? '–'} → ${lastLoss?.toFixed(4) ?? '–'}`
  const speed = `${imagesPerSecond.toFixed(1)} images/s, ${(deviceBytes / 2 ** 20).toFixed(0)} MiB on the GPU`
  return `Step ${steps}: ${loss}, ${speed}. Written to ${out}.`
}
