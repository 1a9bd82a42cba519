/**
 * What scales of numbers need of d3-interpolate, which brings colours, dates, strings and objects along; the build puts this
 * in its place (see vite.config.ts).
 */

type Between = (share: number) => number

/** The number at a share of the way from one to another. */
export const interpolateNumber =
  (from: number, to: number): Between =>
  (share) =>
    from * (1 - share) + to * share

/** The same in whole numbers. */
export const interpolateRound =
  (from: number, to: number): Between =>
  (share) =>
    Math.round(from * (1 - share) + to * share)

/** Charts have numbers only. */
export const interpolate = interpolateNumber

/** Goes through several values, each part in the same share of the way. */
export function piecewise(
  between: (from: number, to: number) => Between,
  values: readonly number[],
): Between {
  const parts = values.slice(1).map((to, at) => between(values[at]!, to))
  return (share) => {
    const part = Math.max(0, Math.min(parts.length - 1, Math.floor(share * parts.length)))
    return parts[part]!(share * parts.length - part)
  }
}
