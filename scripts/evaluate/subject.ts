import { DeviceImages } from '../../src/data/deviceImages.ts'
import type { ImageSet } from '../../src/data/images.ts'
import { loadTestImages, loadTrainingImages } from '../../src/data/load.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Subject } from '../../src/evaluation/subject.ts'
import { loadMethod } from '../../src/methods/load.ts'
import type { Method } from '../../src/methods/method.ts'
import { dataDir, ensureData } from '../data/ensure.ts'
import { fileSource } from '../node/fileSource.ts'
import type { Plan } from './plan.ts'
import { imagesFor } from './probes.ts'

/** The images at which a plan's probes look. Throws as the loading of the data set. */
export async function loadImages({ probes, settings }: Pick<Plan, 'probes' | 'settings'>) {
  await ensureData()
  const needed = imagesFor(probes, settings)
  const source = fileSource(dataDir)
  return {
    train: await loadTrainingImages(source, needed.train),
    test: await loadTestImages(source, needed.test),
  }
}

/** What evaluations draw comes from the plan's seed; initial weights stay those of the run's own. */
export async function subjectOf(
  engine: Engine,
  { description, settings, seed }: Pick<Plan, 'description' | 'settings' | 'seed'>,
  images: { readonly train: ImageSet; readonly test: ImageSet },
): Promise<Subject> {
  const method: Method = await loadMethod(description.id)
  const onDevice = (host: ImageSet) => ({ host, device: new DeviceImages(engine, host) })
  return {
    engine,
    description,
    method: {
      ...method,
      parameters: (wanted) => method.parameters({ ...wanted, seed: settings.seed! }),
    },
    settings: { ...settings, seed },
    train: onDevice(images.train),
    test: onDevice(images.test),
    floors: new Map(),
  }
}
