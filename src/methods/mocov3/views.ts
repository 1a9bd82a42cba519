import type { ViewRule } from '../../data/viewRules.ts'
import { colourRuleOf, filterRuleOf } from '../colourRows.ts'
import type { Mocov3Settings } from './settings.ts'

/**
 * The two views of every image (spec section 5.3): crops and colours drawn apart by one rule, and where there are filters,
 * the first is blurred always and the second is solarised now and then.
 */
export function viewRules(settings: Mocov3Settings): readonly [ViewRule, ViewRule] {
  const { cropScaleMin, flipProbability } = settings
  const rule = { crop: { scaleMin: cropScaleMin, flipProbability }, ...colourRuleOf(settings) }
  const { blurProbability1, blurProbability2, solariseProbability } = settings
  return [
    { ...rule, ...filterRuleOf(settings, blurProbability1, 0) },
    { ...rule, ...filterRuleOf(settings, blurProbability2, solariseProbability) },
  ]
}
