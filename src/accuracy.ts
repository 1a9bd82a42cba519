/** Of 100 such intervals, about 95 hold what very many images would give (normal approximation). */
const DEVIATIONS = 1.96

/** Half the 95 % interval of an accuracy in percent that was measured on so many images, in points. */
export function uncertainty(accuracy: number, images: number): number {
  const share = accuracy / 100
  return 100 * DEVIATIONS * Math.sqrt((share * (1 - share)) / images)
}
