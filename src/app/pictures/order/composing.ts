import type { OrderPicture } from '../../../pictures.ts'

type Pixels = Uint8ClampedArray

/** RGBA bytes of an image whose cells come from different pictures, by rank; transparent where there is none. */
function composed(
  { ranks, grid, size }: OrderPicture,
  from: (rank: number) => Pixels | null,
): Pixels {
  const pixels = new Uint8ClampedArray(size * size * 4)
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const cell = Math.floor((row * grid) / size) * grid + Math.floor((column * grid) / size)
      const source = from(ranks[cell]!)
      const at = (row * size + column) * 4
      if (source) pixels.set(source.subarray(at, at + 4), at)
    }
  return pixels
}

/** What the network is shown when it predicts a segment: the earlier ones. */
export const contextOf = (picture: OrderPicture, rank: number): Pixels =>
  composed(picture, (other) => (other < rank ? picture.image : null))

/** The same with the prediction of the segment; the first one, which is given, as it is. */
export const guessOf = (picture: OrderPicture, rank: number): Pixels =>
  composed(picture, (other) => {
    if (other === rank && rank > 0) return picture.predicted
    return other <= rank ? picture.image : null
  })

/** The same with the segment as it truly is. */
export const truthOf = (picture: OrderPicture, rank: number): Pixels =>
  composed(picture, (other) => (other <= rank ? picture.image : null))

/** The given first segment, and predictions of the others as far as a rank. */
export const generatedTo = (picture: OrderPicture, predicted: Pixels, rank: number): Pixels =>
  composed(picture, (other) => {
    if (other === 0) return picture.image
    return other <= rank ? predicted : null
  })

/** How dark segments are that have not come yet: opacity of black, 0 to 255. */
const VEIL = 165

/** A veil over the cells of later ranks: RGBA bytes [grid², 4]. */
export function veilOver(ranks: Uint16Array, rank: number): Pixels {
  const pixels = new Uint8ClampedArray(ranks.length * 4)
  ranks.forEach((other, cell) => {
    if (other > rank) pixels[4 * cell + 3] = VEIL
  })
  return pixels
}
