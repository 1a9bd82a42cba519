import type { ViewRule } from '../../data/viewRules.ts'
import { colourRuleOf, filterRuleOf } from '../colourRows.ts'
import { LOCAL_SIZE } from './config.ts'
import type { DinoSettings } from './settings.ts'

/**
 * The crops of every image (spec section 6.1): two global ones and the local ones, each with boxes and colours of its own.
 * Where there are filters, the first is blurred always and the second is solarised now and then.
 */
export function viewRules(settings: DinoSettings): readonly ViewRule[] {
  const { cropScaleMin, localScaleMin, localScaleMax, flipProbability, localCrops } = settings
  const { blurProbability1, blurProbability2, blurProbabilityLocal } = settings
  const colour = colourRuleOf(settings)
  const whole = { crop: { scaleMin: cropScaleMin, flipProbability }, ...colour }
  const local: ViewRule = {
    size: LOCAL_SIZE,
    crop: {
      scaleMin: localScaleMin,
      // A live change of one of them may pass the other.
      scaleMax: Math.max(localScaleMin, localScaleMax),
      flipProbability,
    },
    ...colour,
    ...filterRuleOf(settings, blurProbabilityLocal, 0),
  }
  return [
    { ...whole, ...filterRuleOf(settings, blurProbability1, 0) },
    { ...whole, ...filterRuleOf(settings, blurProbability2, settings.solariseProbability) },
    ...Array.from({ length: localCrops }, () => local),
  ]
}
