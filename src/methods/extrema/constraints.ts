import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingValue } from '../../settings/rows.ts'
import { repairHeads, repairSincosWidth } from '../widths.ts'
import { maskPlanOf } from './config.ts'
import { mostDisjoint, visibleTokens } from './masking.ts'
import { extremaTable, type ExtremaSettings } from './settings.ts'

/**
 * Repairs what would not fit together: width and sine-cosine positions, heads and width, disjoint masks and the patches
 * of an image. Too many masks give way to the mask ratio, unless they alone were asked for: then the ratio gives way.
 */
export const constraints: Constraints = (values, wished) => {
  const repaired: Record<string, SettingValue> = { ...values }
  const settings = repaired as unknown as ExtremaSettings
  const notices: ReturnType<Constraints>['notices'][number][] = []
  const repair = (key: keyof ExtremaSettings, to: SettingValue, why: string): void => {
    notices.push(repairNotice(extremaTable, key, repaired[key]!, to, why))
    repaired[key] = to
  }

  repairSincosWidth(settings, repair)
  repairHeads(settings, repair)

  const { maskRatio, maskCount } = settings
  const plan = maskPlanOf(settings)
  if (plan.count < maskCount) {
    const ratio = ratioFor(maskCount, plan.tokens, maskRatio)
    if (wished.has('maskCount') && !wished.has('maskRatio') && ratio !== null) {
      const needed = `${maskCount} × ${plan.visible}`
      const why = `leaves ${plan.visible} of ${plan.tokens} patches visible, too many for ${maskCount} disjoint masks (${needed} > ${plan.tokens})`
      repair('maskRatio', ratio, why)
    } else {
      const why = `× ${plan.visible} visible patches are more than the ${plan.tokens} of the image`
      repair('maskCount', plan.count, why)
    }
  }
  return { values: repaired, notices }
}

/** The lowest mask ratio from `from` on at which so many disjoint masks fit; null where none does. */
function ratioFor(count: number, tokens: number, from: number): number | null {
  const { step, max } = extremaTable.maskRatio
  const steps = Math.round(max / step)
  for (let i = Math.ceil(from / step); i <= steps; i++) {
    const ratio = Number((i * step).toFixed(4))
    if (mostDisjoint(tokens, visibleTokens(tokens, ratio)) >= count) return ratio
  }
  return null
}
