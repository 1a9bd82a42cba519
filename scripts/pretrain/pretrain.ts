import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readRun, writeRun } from '../../src/checkpoint/runFile.ts'
import { DeviceImages } from '../../src/data/deviceImages.ts'
import { loadTrainingImages } from '../../src/data/load.ts'
import { Engine } from '../../src/engine/engine.ts'
import { PeekabooError } from '../../src/errors.ts'
import { loadMethod } from '../../src/methods/load.ts'
import { findMethod } from '../../src/methods/registry.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { Trainer } from '../../src/training/trainer.ts'
import { dataDir, ensureData } from '../data/ensure.ts'
import { fileSource } from '../node/fileSource.ts'
import { installWebGpu } from '../node/gpu.ts'
import { MetricsFile } from './metricsFile.ts'
import { showProgress } from './showProgress.ts'
import { liveChanges, selectRun, type PretrainOptions } from './wish.ts'

/**
 * Trains headless with the same Trainer as the page and writes `metrics.csv`, `checkpoint.safetensors` and
 * `summary.json`. A diverged run writes all three with its last good state before it fails.
 * @throws PeekabooError for bad settings, data, checkpoints and GPU faults
 */
export async function pretrain(options: PretrainOptions): Promise<void> {
  const resumed =
    options.resume === undefined
      ? undefined
      : (await readRun(await readFile(options.resume), basename(options.resume))).state
  const { method: id, values: settings } = resumed
    ? { method: resumed.method, values: resumed.settings }
    : selectRun(options)
  const changes = resumed ? liveChanges(options, resumed) : {}
  if (resumed && resumed.step >= options.steps) throw alreadyThere(resumed.step, options.steps)
  const description = findMethod(id)!
  await ensureData()
  const images = await loadTrainingImages(
    fileSource(dataDir),
    Number((settings as CommonSettings).datasetSize),
  )
  installWebGpu()
  const engine = await Engine.open(navigator.gpu)
  const deviceImages = new DeviceImages(engine, images)
  const trainer = new Trainer({
    engine,
    description,
    method: await loadMethod(id),
    settings,
    images: deviceImages,
    state: resumed,
  })
  trainer.change(changes)
  await mkdir(options.out, { recursive: true })
  const metrics = new MetricsFile(join(options.out, 'metrics.csv'), trainer.metricKeys)
  const progress = showProgress(process.stderr, trainer.steps, options.steps)
  trainer.onMetrics = (row) => {
    metrics.add(row)
    progress.step(row.step, row.values.loss!)
  }
  const started = performance.now()
  const firstStep = trainer.steps
  try {
    while (trainer.steps < options.steps) await trainer.step()
    await trainer.settle()
  } finally {
    const seconds = (performance.now() - started) / 1000
    progress.end()
    await metrics.close()
    if (engine.fault === null) {
      const deviceBytes = engine.memory().bytes
      const bytes = await writeRun(await trainer.state(), new Date())
      await replaceFile(join(options.out, 'checkpoint.safetensors'), bytes)
      const { batchSize } = settings as CommonSettings
      const summary = {
        method: id,
        settings: trainer.settings,
        adapter: engine.adapter,
        steps: trainer.steps,
        firstLoss: metrics.first?.values.loss ?? null,
        lastLoss: metrics.last?.values.loss ?? null,
        seconds,
        imagesPerSecond: ((trainer.steps - firstStep) * batchSize) / seconds,
        deviceBytes,
      }
      await replaceFile(join(options.out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
      console.log(summaryLine(summary, options.out))
    }
    trainer.dispose()
    deviceImages.dispose()
    engine.dispose()
  }
}

/** Writes beside the old file first, so that a broken-off write loses nothing. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, content)
  await rename(`${path}.part`, path)
}

function summaryLine(
  summary: {
    steps: number
    firstLoss: number | null
    lastLoss: number | null
    imagesPerSecond: number
    deviceBytes: number
  },
  out: string,
): string {
  const { steps, firstLoss, lastLoss, imagesPerSecond, deviceBytes } = summary
  const loss = `loss ${firstLoss?.toFixed(4) ?? '–'} → ${lastLoss?.toFixed(4) ?? '–'}`
  const speed = `${imagesPerSecond.toFixed(1)} images/s, ${(deviceBytes / 2 ** 20).toFixed(0)} MiB on the GPU`
  return `Step ${steps}: ${loss}, ${speed}. Written to ${out}.`
}

function alreadyThere(step: number, steps: number): PeekabooError {
  return new PeekabooError({
    code: 'setting-invalid',
    what: `The checkpoint is at step ${step}, so there is nothing to do until step ${steps}.`,
    kept: 'Nothing was started.',
    todo: 'Give --steps a larger number: it is the step at which the run ends.',
  })
}
