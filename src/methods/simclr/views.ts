import type { ViewRule } from '../../data/viewRules.ts'
import { colourRuleOf, filterRuleOf } from '../colourRows.ts'
import type { SimclrSettings } from './settings.ts'

/** The two views of every image: crops, colours and blurs drawn apart by one rule (spec section 7.1). */
export function viewRules(settings: SimclrSettings): readonly [ViewRule, ViewRule] {
  const { cropScaleMin, flipProbability, blurProbability } = settings
  const rule = {
    crop: { scaleMin: cropScaleMin, flipProbability },
    ...colourRuleOf(settings),
    ...filterRuleOf(settings, blurProbability, 0),
  }
  return [rule, rule]
}
