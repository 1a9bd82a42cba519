/** Of 100 such intervals, about 95 hold what very many images would give (normal approximation). */
const DEVIATIONS = 1.96

/** Standard error of an accuracy in percent that was measured on so many images, in points. */
export function standardError(accuracy: number, images: number): number {
  const share = accuracy / 100
  return 100 * Math.sqrt((share * (1 - share)) / images)
}

/** Half the 95 % interval of such an accuracy, in points. */
export const uncertainty = (accuracy: number, images: number): number =>
  DEVIATIONS * standardError(accuracy, images)
