import type { MethodDescription } from '../description.ts'
import { priorEntropy } from './metrics.ts'
import { planOf } from './plan.ts'

/**
 * Steps in which a head may know no more than how many claims are false: the entropy falls to H(p) at once, and below only as
 * features form (spec section 3).
 */
const EARLY_STEPS = 1000
/** Entropy as a share of H(p) above which the detector knows nothing but p. */
const NO_BETTER = 0.995
/** AUROC below which it hardly ranks wrong places above true ones; a badly scaled head may cost more than H(p) and still do. */
const BLIND = 0.55
/** Share of dropped patches from which every wrong place can be that of a patch that is not shown. */
const ENOUGH_DROPPED = 0.5

/** The failures of spec section 12 that are the detector's, for the warnings of every host. */
export const dilemmaWarnings: NonNullable<MethodDescription['warnings']> = (
  values,
  settings,
  step,
) => {
  const plan = planOf(settings)
  if (!plan.detects) return []
  const found: string[] = []
  const prior = priorEntropy(settings)
  if (prior === 0)
    found.push(
      'No patch claims a wrong place, so the detector learns to say no to everything. A mismatch probability above 0 gives it something to find.',
    )
  else if (step >= EARLY_STEPS && knowsPriorOnly(values, prior))
    found.push(
      `The detector has learned only how many claims are false: its loss of ${values.bce!.toFixed(3)} is no better than H(p) = ${prior.toFixed(3)}. More steps, more shown patches or sine-cosine positions may help.`,
    )
  const dropped = 1 - plan.kept / plan.cells
  if (prior > 0 && plan.claims === 'dropped' && dropped < ENOUGH_DROPPED)
    found.push(
      `With only ${Math.round(100 * dropped)} % of the patches left out, a wrong place can be one that a shown patch claims truly, and two claims of one cell give it away. To leave out half of them or more, or the policy Permute, closes this short cut.`,
    )
  return found
}

const knowsPriorOnly = ({ bce, auroc }: Readonly<Record<string, number>>, prior: number): boolean =>
  bce !== undefined && bce > NO_BETTER * prior && (auroc ?? 0) < BLIND
