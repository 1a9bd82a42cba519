/** Offsets that two of `grid` positions in a line can have. */
export const offsetsOf = (grid: number): number => 2 * grid - 1

/** Entries of the relative bias table of a grid: every offset between two patches, and three for the class token. */
export const relativeTableSize = (grid: number): number => offsetsOf(grid) ** 2 + 3
