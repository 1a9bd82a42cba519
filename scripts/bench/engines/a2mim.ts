import { DeviceImages } from '../../../src/data/deviceImages.ts'
import { Engine } from '../../../src/engine/engine.ts'
import { loadMethod } from '../../../src/methods/load.ts'
import { a2mim } from '../../../src/methods/a2mim/description.ts'
import { Trainer } from '../../../src/training/trainer.ts'
import { syntheticImages } from '../syntheticImages.ts'
import { presetSettings } from '../presets.ts'
import type { EngineRun } from './engineRun.ts'

/**
 * Our Trainer with a preset of A²MIM, on synthetic images: what a step costs does not depend on what they show.
 * @param batch images of a step; the preset's when absent
 */
export async function open(preset: string, batch?: number): Promise<EngineRun> {
  const engine = await Engine.open(navigator.gpu)
  const settings = presetSettings(preset, batch)
  const trainer = new Trainer({
    engine,
    description: a2mim,
    method: await loadMethod(a2mim.id),
    settings,
    images: new DeviceImages(engine, syntheticImages(Number(settings.datasetSize))),
  })
  let loss = NaN
  trainer.onMetrics = ({ values }) => (loss = values.loss!)
  return {
    queue: engine.device.queue,
    step: () => trainer.step(),
    flush: () => trainer.settle(),
    loss: async () => {
      await trainer.settle()
      return loss
    },
    profile: async () => (await trainer.profile())?.kernels ?? [],
  }
}
