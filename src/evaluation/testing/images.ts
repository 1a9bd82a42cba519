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

/** Images of one colour, whose brightness in each channel tells the class; brighter than the data set's mean. */
export function brightImages(engine: Engine, count: number): LabelledImages {
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 10)
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++) {
      const brightness = 140 + ((labels[image]! * [11, 37, 71][channel]!) % 110)
      const at = image * IMAGE_BYTES + channel * 1024
      pixels.fill(brightness, at, at + 1024)
    }
  const host = { count, pixels, labels }
  return { host, device: new DeviceImages(engine, host) }
}
