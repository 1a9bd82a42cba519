import { TARGET_EPSILON } from './patchTargets.ts'

/**
 * Turns predictions of patches into pixels. Where a network is trained to predict normalised patches, it does not tell their
 * mean and standard deviation: those of the true patch take their place.
 */
export class PatchScale {
  readonly #grid: number
  readonly #side: number
  readonly #means: Float64Array
  readonly #deviations: Float64Array

  /**
   * @param image the true pixels [S, S, 3], in normalised values
   * @param grid patches a side
   * @param normalised whether the targets are normalised patches
   */
  constructor(image: Float32Array, grid: number, normalised: boolean) {
    this.#grid = grid
    this.#side = Math.sqrt(image.length / 3) / grid
    this.#means = new Float64Array(grid * grid)
    this.#deviations = new Float64Array(grid * grid).fill(1)
    if (!normalised) return
    for (let cell = 0; cell < grid * grid; cell++) {
      const values = this.#placesOf(cell).map((place) => image[place]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      this.#means[cell] = mean
      this.#deviations[cell] = Math.sqrt(squares / (values.length - 1) + TARGET_EPSILON)
    }
  }

  /**
   * Puts a patch into an image.
   * @param patch as it is predicted, [3P²], flattened as (channel, row, column)
   * @param into an image [S, S, 3] in normalised values
   */
  restore(patch: ArrayLike<number>, cell: number, into: Float32Array): void {
    const [mean, deviation] = [this.#means[cell]!, this.#deviations[cell]!]
    this.#placesOf(cell).forEach((place, i) => (into[place] = patch[i]! * deviation + mean))
  }

  /**
   * All patches of an image at once.
   * @param patches [cells, 3P²]
   * @returns [S, S, 3], in normalised values
   */
  imageOf(patches: Float32Array): Float32Array {
    const image = new Float32Array(patches.length)
    const numbers = 3 * this.#side ** 2
    for (let cell = 0; cell < this.#means.length; cell++)
      this.restore(patches.subarray(cell * numbers, (cell + 1) * numbers), cell, image)
    return image
  }

  /** Where the numbers of a patch lie in an image, in the patch's order. */
  #placesOf(cell: number): number[] {
    const side = this.#side
    const [top, left] = [Math.floor(cell / this.#grid) * side, (cell % this.#grid) * side]
    return [0, 1, 2].flatMap((channel) =>
      Array.from({ length: side * side }, (_, i) => {
        const [y, x] = [top + Math.floor(i / side), left + (i % side)]
        return (y * this.#grid * side + x) * 3 + channel
      }),
    )
  }
}
