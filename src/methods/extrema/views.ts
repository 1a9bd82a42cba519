import type { ViewRule } from '../../data/viewRules.ts'
import { colourRuleOf } from '../colourRows.ts'
import type { ExtremaSettings } from './settings.ts'

/**
 * The student’s view, and the teacher’s where it is another one (spec section 6): a shared crop without colours is one
 * image, which is made once.
 */
export function viewRules(settings: ExtremaSettings): readonly ViewRule[] {
  const { views, colourJitter, cropScaleMin, flipProbability } = settings
  const crop = { scaleMin: cropScaleMin, flipProbability }
  const colour = colourRuleOf(settings)
  const student: ViewRule = { crop, ...colour }
  if (views === 'two') return [student, { crop, ...colour }]
  if (views === 'sharedCrop' && colourJitter)
    return [student, { crop: { sharedWith: 0 }, ...colour }]
  return [student]
}
