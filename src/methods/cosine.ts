/**
 * Half a cosine from one value to another, to + (from − to) · (1 + cos(π · progress)) / 2; it stays at its end.
 * @param progress in [0, ∞); 1 is its end
 */
export const cosineBetween = (from: number, to: number, progress: number): number =>
  progress >= 1 ? to : to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * progress))
