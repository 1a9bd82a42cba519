/** A score with two decimals: "0.83", "−0.12"; where there is little room without the zero: ".83", "−.12". */
export function formatScore(score: number, narrow = false): string {
  const digits = Math.abs(score).toFixed(2)
  const sign = score < 0 && Number(digits) > 0 ? '−' : ''
  return `${sign}${narrow ? digits.replace(/^0/, '') : digits}`
}

/** What a score says, for a sentence: "cosine with the target 0.83". */
export const scoreText = (label: string | null, score: number): string =>
  `${(label ?? 'score').replace(/^./, (first) => first.toLowerCase())} ${formatScore(score)}`

/** The bar of a score on a track from −1 to 1: where it begins and how long it is, as shares of the track. */
export function scoreBar(score: number): { readonly start: number; readonly length: number } {
  const end = Math.min(1, Math.max(-1, score)) / 2
  return { start: 0.5 + Math.min(0, end), length: Math.abs(end) }
}
