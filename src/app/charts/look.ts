/** Colours of the series that the page has. */
const COLOURS = 6
/** Lengths of dashes and gaps: told apart without colours. */
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '14 4', '5 2 1 2 1 2'] as const

/** How a variant is drawn, by its place: no two of as many as there may be look the same. */
export const lookOf = (place: number): { readonly colour: string; readonly dash: string } => ({
  colour: `var(--series-${place % COLOURS})`,
  // The second round of colours has other dashes than the first.
  dash: DASHES[(place + Math.floor(place / COLOURS)) % DASHES.length]!,
})
