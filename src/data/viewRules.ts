import type { CropRule } from './boxes.ts'

/**
 * Random colours of a view, drawn for every image on its own: with `jitterProbability` brightness, contrast, saturation
 * and hue are changed, in random order, as torchvision's ColorJitter does; with `greyProbability` the view turns grey
 * after that.
 */
export interface ColourRule {
  /** The factor is uniform in [max(0, 1 − b), 1 + b]. */
  readonly brightness: number
  /** The factor is uniform in [max(0, 1 − c), 1 + c]. */
  readonly contrast: number
  /** The factor is uniform in [max(0, 1 − s), 1 + s]. */
  readonly saturation: number
  /** The shift is uniform in [−h, h], in turns of the colour circle; h is at most 0.5. */
  readonly hue: number
  readonly jitterProbability: number
  readonly greyProbability: number
}

/**
 * Filters after the colours, each with its own probability for every image: a Gaussian blur whose standard deviation is
 * uniform in [sigmaMin, sigmaMax] pixels of the view, then solarising, which inverts every value of at least a half.
 */
export interface FilterRule {
  readonly blurProbability: number
  readonly sigmaMin: number
  readonly sigmaMax: number
  readonly solariseProbability: number
}

/** How one view of every image is made. */
export interface ViewRule {
  /** Side of the view in pixels, that of an image when absent. Depends on no live setting. */
  readonly size?: number
  /** How it is cut out; or the number of an earlier view whose boxes it shares, so that their patches lie alike. */
  readonly crop: CropRule | { readonly sharedWith: number }
  /** Its colours are as they are when absent. Views that share boxes draw their colours each on their own. */
  readonly colour?: ColourRule
  /** There are no filters when absent; whether there are depends on no live setting. */
  readonly filter?: FilterRule
}
