/** What a matrix of cosines says of two views: rows and columns are the same images in the same order. */
export interface Agreement {
  /** Mean cosine of two views of one image. */
  readonly same: number
  /** Mean cosine of views of two images; NaN of one image alone. */
  readonly others: number
  /** Number of rows whose largest cosine is that with the image's own other view. */
  readonly found: number
}

/** The column with the largest cosine of a row; of equal ones the first. */
export function likest(cosines: Float32Array, images: number, row: number): number {
  let best = 0
  for (let column = 1; column < images; column++)
    if (cosines[row * images + column]! > cosines[row * images + best]!) best = column
  return best
}

/** Measures a matrix [images, images]. */
export function agreementOf(cosines: Float32Array, images: number): Agreement {
  let same = 0
  let found = 0
  for (let row = 0; row < images; row++) {
    same += cosines[row * images + row]!
    if (likest(cosines, images, row) === row) found += 1
  }
  const sum = cosines.reduce((total, cosine) => total + cosine, 0)
  return { same: same / images, others: (sum - same) / (images * (images - 1)), found }
}

/** The probability of a column in its row: the softmax of the cosines over the temperature. */
export function shareOf(
  cosines: Float32Array,
  images: number,
  row: number,
  column: number,
  temperature: number,
): number {
  const values = cosines.subarray(row * images, (row + 1) * images)
  const chosen = values[column]!
  return 1 / values.reduce((sum, cosine) => sum + Math.exp((cosine - chosen) / temperature), 0)
}

/** Square pictures [image, y, x, 4] one below the other, put one beside the other: RGBA bytes [y, image, x, 4]. */
export function beside(
  pictures: Uint8ClampedArray,
  images: number,
  size: number,
): Uint8ClampedArray {
  const line = size * 4
  const pixels = new Uint8ClampedArray(images * size * line)
  for (let image = 0; image < images; image++)
    for (let y = 0; y < size; y++) {
      const from = (image * size + y) * line
      pixels.set(pictures.subarray(from, from + line), (y * images + image) * line)
    }
  return pixels
}
