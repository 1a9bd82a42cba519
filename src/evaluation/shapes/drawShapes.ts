import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from '../../data/images.ts'
import { randomAt, randomPermutation, Stream, type RandomSequence } from '../../engine/random.ts'
import { outlines } from './outlines.ts'
import { textures, type Texture } from './textures.ts'

const inside = Object.values(outlines)
const PIXELS = IMAGE_SIZE * IMAGE_SIZE
/** Radius of the circle around a figure, in pixels. */
const RADIUS = { least: 8, most: 14 }
/** Where a pixel is looked at: the middles of its quarters. */
const SAMPLES = [-0.25, 0.25] as const

/**
 * Images of drawn figures: an outline at a random place, in a random size and direction, in one texture on another one.
 * Outlines come in turn; everything else of an image is drawn from (seed, its index, its split).
 * @param first index of the first image
 */
export function drawShapes(
  seed: number,
  split: 'train' | 'test',
  first: number,
  count: number,
): ImageSet {
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  const labels = Uint8Array.from({ length: count }, (_, i) => (first + i) % inside.length)
  labels.forEach((label, i) => {
    const random = randomAt(seed, Stream.shapes, first + i, split === 'train' ? 0 : 1)
    drawShape(random, label, pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES))
  })
  return { count, pixels, labels }
}

/** Draws one image into its bytes [3, 32, 32]. */
function drawShape(random: RandomSequence, label: number, bytes: Uint8Array): void {
  const covered = figure(random, label)
  // Never the same kind of texture on both.
  const [under, over] = randomPermutation(random, textures.length, 2)
  const [ground, front] = [colouredTexture(random, under!), colouredTexture(random, over!)]
  for (let y = 0; y < IMAGE_SIZE; y++)
    for (let x = 0; x < IMAGE_SIZE; x++) {
      const share = covered(x, y)
      const [below, above] = [ground.texture(x, y), front.texture(x, y)]
      for (let channel = 0; channel < 3; channel++)
        bytes[channel * PIXELS + y * IMAGE_SIZE + x] = Math.round(
          mixed(ground, below, channel) * (1 - share) + mixed(front, above, channel) * share,
        )
    }
}

/** A texture with its two colours, red, green and blue of the first and then of the second. */
interface Coloured {
  readonly texture: Texture
  readonly colours: readonly number[]
}

const colouredTexture = (random: RandomSequence, kind: number): Coloured => ({
  texture: textures[kind]!(random),
  colours: Array.from({ length: 6 }, () => 255 * random.uniform()),
})

const mixed = ({ colours }: Coloured, share: number, channel: number): number =>
  colours[channel]! * (1 - share) + colours[channel + 3]! * share

/** Which share of a pixel an outline covers, once placed. */
function figure(random: RandomSequence, label: number): (x: number, y: number) => number {
  const radius = RADIUS.least + (RADIUS.most - RADIUS.least) * random.uniform()
  const place = (): number => radius + (IMAGE_SIZE - 2 * radius) * random.uniform() - 0.5
  const [left, top, angle] = [place(), place(), 2 * Math.PI * random.uniform()]
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius]
  return (x, y) => {
    let hits = 0
    for (const down of SAMPLES)
      for (const right of SAMPLES) {
        const [u, v] = [x + right - left, y + down - top]
        hits += Number(inside[label]!(u * cos + v * sin, v * cos - u * sin))
      }
    return hits / SAMPLES.length ** 2
  }
}
