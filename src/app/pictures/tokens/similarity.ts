import type { TokensPicture } from '../../../pictures.ts'
import type { ColourRange } from '../colourMap.ts'

/** One patch of one of the images, by their numbers in the picture. */
export interface TokenPlace {
  readonly image: number
  readonly patch: number
}

/** Cosines of all tokens of all images with the token of one place, [image, patch]. */
export function similarities(picture: TokensPicture, { image, patch }: TokenPlace): Float32Array {
  const { tokens, width, grid } = picture
  const start = (image * grid * grid + patch) * width
  const chosen = tokens.subarray(start, start + width)
  return Float32Array.from({ length: tokens.length / width }, (_, row) => {
    let sum = 0
    for (let channel = 0; channel < width; channel++)
      sum += tokens[row * width + channel]! * chosen[channel]!
    return sum
  })
}

/** The cosines of one image's patches: a view. */
export function ofImage(values: Float32Array, { grid }: TokensPicture, image: number) {
  const patches = grid * grid
  return values.subarray(image * patches, (image + 1) * patches)
}

/** The patch of an image that is most like the chosen one. */
export function bestMatch(values: Float32Array): number {
  let best = 0
  values.forEach((value, patch) => {
    if (value > values[best]!) best = patch
  })
  return best
}

/** Whether the colours go from the least cosine to 1, or over all that a cosine can be. */
export type Scale = 'stretched' | 'full'

/** Where the colours of a stretched scale begin at the latest: all alike must look alike, not different. */
const LATEST_BOTTOM = 0.95

/** The cosines of the darkest and the lightest colour. */
export function rangeOf(values: Float32Array, scale: Scale): ColourRange {
  if (scale === 'full') return { bottom: -1, top: 1 }
  return {
    bottom: values.reduce((least, value) => Math.min(least, value), LATEST_BOTTOM),
    top: 1,
  }
}

/** RGBA bytes [grid, grid, 4] of an image's tokens in their colours. */
export function tokenColours({ colours, grid }: TokensPicture, image: number) {
  const patches = grid * grid
  const pixels = new Uint8ClampedArray(patches * 4).fill(255)
  for (let patch = 0; patch < patches; patch++) {
    const from = (image * patches + patch) * 3
    pixels.set(colours.subarray(from, from + 3), patch * 4)
  }
  return pixels
}

/** RGBA bytes of one of the images: a view. */
export function imagePixels({ images, size }: TokensPicture, image: number): Uint8ClampedArray {
  const bytes = size * size * 4
  return images.subarray(image * bytes, (image + 1) * bytes)
}
