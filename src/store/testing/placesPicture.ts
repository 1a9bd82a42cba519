import type { PlacesPicture } from '../../pictures.ts'
import type { Arrangement } from '../places.ts'

/** A picture of a 4 × 4 grid as a method would draw it: a wrong claim is held for wrong the more, the farther it is off. */
export function placesPicture(
  { real, claimed }: Arrangement = { real: [0, 5, 10, 15], claimed: [0, 6, 10, 2] },
  wanted: Partial<PlacesPicture> = {},
): PlacesPicture {
  const grid = 4
  return {
    kind: 'places',
    sample: 17,
    grid,
    image: new Uint8ClampedArray(grid ** 2 * 4).map((_, at) => (at % 4 === 3 ? 255 : at)),
    size: grid,
    real: Uint16Array.from(real),
    claimed: Uint16Array.from(claimed),
    probabilities: Float32Array.from(real, (cell, at) => Math.abs(cell - claimed[at]!) / 16),
    drawn: true,
    sweep: null,
    ...wanted,
  }
}
