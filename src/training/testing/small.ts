import { DeviceImages } from '../../data/deviceImages.ts'
import { IMAGE_BYTES, type ImageSet } from '../../data/images.ts'
import type { Engine } from '../../engine/engine.ts'
import { a2mim } from '../../methods/a2mim/description.ts'
import { loadMethod } from '../../methods/load.ts'
import { resolveSelection } from '../../settings/selection.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { Trainer, type StepMetrics, type TrainerParts } from '../trainer.ts'

/** Very small runs for tests: fast on a software adapter, and yet with every part of a real one. */

const SMALL = {
  batchSize: 4,
  width: 12,
  depth: 1,
  heads: 2,
  mlpRatio: 1,
  patchSize: '8',
  scheduleSteps: 100,
  // Evaluates nothing by itself.
  knnEvery: 0,
  maskPatch: '8',
}

/** Full valid settings of A²MIM at its smallest. */
export function smallSettings(values: SettingValues = {}): SettingValues {
  const wish = { preset: 'tiny', values: { ...SMALL, ...values } }
  return resolveSelection([a2mim], wish).values
}

/** Noise images; another salt gives other labels to the same images. */
export function noiseImages(count = 64, salt = 0): ImageSet {
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  let state = 1
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    pixels[i] = state >>> 24
  }
  const labels = Uint8Array.from({ length: count }, (_, i) => (i + salt) % 10)
  return { count, pixels, labels }
}

/** A run on noise images that notes its metrics. */
export interface SmallRun {
  readonly trainer: Trainer
  readonly rows: StepMetrics[]
  /** Trains until so many steps are done and reported. */
  readonly trainTo: (step: number) => Promise<void>
  /** Frees the trainer and its images. */
  readonly dispose: () => void
}

/** Starts a small run; parts that are given replace those of the run. */
export async function smallRun(
  engine: Engine,
  parts: Partial<TrainerParts> = {},
  images: ImageSet = noiseImages(),
): Promise<SmallRun> {
  const method = parts.method ?? (await loadMethod(a2mim.id))
  const deviceImages = new DeviceImages(engine, images)
  const trainer = new Trainer({
    engine,
    description: a2mim,
    settings: parts.state?.settings ?? smallSettings(),
    ...parts,
    method,
    images: deviceImages,
  })
  const rows: StepMetrics[] = []
  trainer.onMetrics = (row) => rows.push(row)
  return {
    trainer,
    rows,
    trainTo: async (step) => {
      while (trainer.steps < step) await trainer.step()
      await trainer.settle()
    },
    dispose: () => {
      trainer.dispose()
      deviceImages.dispose()
    },
  }
}
