import type { ViewFilter } from '../engine/kernels/filter.ts'
import { randomAt, Stream } from '../engine/random.ts'
import type { FilterRule } from './viewRules.ts'

/**
 * A random filter of one view of an image. All that may be needed is drawn, whatever the probabilities, so that another
 * one leaves the other draws as they are.
 * @param step addresses the draw together with `sample` and `view`
 */
export function drawFilter(
  rule: FilterRule,
  seed: number,
  step: number,
  sample: number,
  view: number,
): ViewFilter {
  const random = randomAt(seed, Stream.filter, step, sample * 16 + view)
  const blurs = random.uniform() < rule.blurProbability
  const sigma = rule.sigmaMin + (rule.sigmaMax - rule.sigmaMin) * random.uniform()
  const solarised = random.uniform() < rule.solariseProbability
  return { sigma: blurs ? sigma : 0, solarised }
}
