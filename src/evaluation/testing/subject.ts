import { DeviceImages } from '../../data/deviceImages.ts'
import type { Engine } from '../../engine/engine.ts'
import { a2mim } from '../../methods/a2mim/description.ts'
import { loadMethod } from '../../methods/load.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { noiseImages, smallSettings } from '../../training/testing/small.ts'
import type { LabelledImages, Subject } from '../subject.ts'

/** A very small network on noise images, for tests of evaluations. `dispose` frees its images. */
export async function smallSubject(
  engine: Engine,
  values: SettingValues = {},
  { train = 64, test = 32 }: { readonly train?: number; readonly test?: number } = {},
): Promise<Subject & { readonly dispose: () => void }> {
  const images = (count: number, salt: number): LabelledImages => {
    const host = noiseImages(count, salt)
    return { host, device: new DeviceImages(engine, host) }
  }
  const subject = {
    engine,
    description: a2mim,
    method: await loadMethod(a2mim.id),
    settings: smallSettings(values),
    train: images(train, 0),
    test: images(test, 3),
    floors: new Map<string, number>(),
  }
  return {
    ...subject,
    dispose: () => {
      subject.train.device.dispose()
      subject.test.device.dispose()
    },
  }
}
