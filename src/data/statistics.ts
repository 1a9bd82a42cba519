import type { Normalisation } from './viewBatch.ts'

/** Channel means and standard deviations over all training pixels of CIFAR-10. */
export const CIFAR_STATISTICS: Normalisation = {
  mean: [0.4914, 0.4822, 0.4465],
  deviation: [0.247, 0.2435, 0.2616],
}
