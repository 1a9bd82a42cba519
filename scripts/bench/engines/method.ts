import { DeviceImages } from '../../../src/data/deviceImages.ts'
import { Engine } from '../../../src/engine/engine.ts'
import { loadMethod } from '../../../src/methods/load.ts'
import { Trainer } from '../../../src/training/trainer.ts'
import { syntheticImages } from '../syntheticImages.ts'
import { settingsOf } from '../presets.ts'
import type { MethodRun } from '../workloads.ts'
import type { EngineRun } from './engineRun.ts'

/**
 * Our Trainer with a method, on synthetic images: what a step costs does not depend on what they show.
 * @param batch images of a step; the preset's when absent
 */
export async function open(run: MethodRun, batch?: number): Promise<EngineRun> {
  const engine = await Engine.open(navigator.gpu)
  const { description, settings } = settingsOf(run, batch)
  const trainer = new Trainer({
    engine,
    description,
    method: await loadMethod(description.id),
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
