import type { Picture } from '../pictures.ts'

/** The memory of a picture, to be handed over instead of copied. */
export function pixelBuffers(picture: Picture): Transferable[] {
  return picture.kind === 'strips'
    ? [picture.pixels.buffer]
    : [picture.weights.buffer, picture.image.buffer]
}
