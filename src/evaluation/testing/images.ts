import { DeviceImages } from '../../data/deviceImages.ts'
import { IMAGE_BYTES, type ImageSet } from '../../data/images.ts'
import type { Engine } from '../../engine/engine.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import type { LabelledImages } from '../subject.ts'

/** Images of four by four random colours: their features differ more than those of noise, so that ties are rare. */
export function colourImages(engine: Engine, count: number, seed: number): LabelledImages {
  const random = randomAt(seed, Stream.init)
  const colours = Uint8Array.from({ length: 48 * count }, () => random.below(256))
  const pixels = Uint8Array.from({ length: IMAGE_BYTES * count }, (_, i) => {
    const [plane, y, x] = [Math.floor(i / 1024), (i >> 5) % 32, i % 32]
    return colours[16 * plane + 4 * (y >> 3) + (x >> 3)]!
  })
  const labels = Uint8Array.from({ length: count }, () => random.below(10))
  const host = { count, pixels, labels }
  return { host, device: new DeviceImages(engine, host) }
}

/** Pixels of images `from` up to `to` in float64, normalised as for the raw-pixel floor. */
export function normalisedPixels({ pixels }: ImageSet, from: number, to: number): number[] {
  const mean = [0.4914, 0.4822, 0.4465]
  const deviation = [0.247, 0.2435, 0.2616]
  return Array.from(pixels.subarray(IMAGE_BYTES * from, IMAGE_BYTES * to), (byte, i) => {
    const channel = Math.floor(i / 1024) % 3
    return (byte / 255 - mean[channel]!) / deviation[channel]!
  })
}
