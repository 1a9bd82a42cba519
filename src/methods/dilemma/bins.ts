/** Bins of predicted probabilities, each as wide as the others: bin b holds those from b / 50 to below (b + 1) / 50. */
export const CALIBRATION_BINS = 50

/** Bins for the distances within a square grid, to the nearest whole token; bin 0 is in place, since others are at least 1. */
export const displacementBins = (grid: number): number => Math.round(Math.SQRT2 * (grid - 1)) + 1
