import type { SettingValues } from '../../settings/rows.ts'
import type { MetricDescription } from '../description.ts'
import { expectedShare } from './corruptor.ts'
import { planOf } from './plan.ts'

/** Entropy of a coin that shows one side with probability p, in nats; what the best guess costs that knows p alone. */
export const entropyOf = (p: number): number =>
  p <= 0 || p >= 1 ? 0 : -(p * Math.log(p) + (1 - p) * Math.log1p(-p))

/** H(p) of the wrong claims that the settings make now. */
export const priorEntropy = (settings: SettingValues): number =>
  entropyOf(expectedShare(planOf(settings)))

const when = { key: 'dilemma', is: [true] } as const

/** What the detection reports in every step, beside the host's own metrics (spec section 3). */
export const dilemmaMetrics: readonly MetricDescription[] = [
  {
    key: 'hostLoss',
    label: 'Host loss',
    help: 'The host’s own part of the total: what it would train on without DILEMMA, here of a student that is told wrong places.',
    when,
  },
  {
    key: 'bce',
    label: 'Detection',
    help: 'Binary cross-entropy of the detector, mean over the patches that are shown and over the views, before λ. It begins near 0.69 and drops quickly to H(p), where the head knows only how many claims are false; below that line it tells which.',
    apart: true,
    when,
    reference: (settings) => ({ label: 'H(p)', value: priorEntropy(settings) }),
  },
  {
    key: 'auroc',
    label: 'AUROC',
    help: 'Area under the ROC curve: how often the detector gives a wrong claim a higher probability than a true one, over all pairs of the batch. 0.5 is chance, 1 tells all apart, whatever p is.',
    apart: true,
    when,
    reference: () => ({ label: 'Chance', value: 0.5 }),
  },
  {
    key: 'balancedAccuracy',
    label: 'Balanced accuracy',
    help: 'Mean of the shares of false and of true claims that are told rightly with the threshold at one half. A head that always says “true” has 0.5, where plain accuracy would praise it with 1 − p.',
    apart: true,
    when,
    reference: () => ({ label: 'Chance', value: 0.5 }),
  },
  {
    key: 'wrongClaims',
    label: 'Wrong claims',
    help: 'Share of the shown patches of the batch that claimed a wrong place. Each does so by chance with probability p (with the policy Permute, as many in every image).',
    apart: true,
    when,
    reference: (settings) => ({ label: 'Expected', value: expectedShare(planOf(settings)) }),
  },
]
