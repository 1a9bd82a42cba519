/** Bins of half a token for the distances within a square grid: bin b holds those from b / 2 to below (b + 1) / 2. */
export const distanceBins = (grid: number): number => Math.floor(2 * Math.SQRT2 * (grid - 1)) + 1
