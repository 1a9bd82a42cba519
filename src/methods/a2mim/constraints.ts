import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingValue } from '../../settings/rows.ts'
import { repairHeads } from '../widths.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

/** Repairs what would not fit together: heads and width, token layer and depth, mask block and patch. */
export const constraints: Constraints = (values) => {
  const settings = values as A2mimSettings
  const { depth, maskLayer, patchSize, maskPatch } = settings
  const repaired: Record<string, SettingValue> = { ...values }
  const notices: ReturnType<Constraints>['notices'][number][] = []
  const repair = (key: keyof A2mimSettings, to: SettingValue, why: string): void => {
    notices.push(repairNotice(a2mimTable, key, repaired[key]!, to, why))
    repaired[key] = to
  }
  repairHeads(settings, repair)
  if (maskLayer > depth) repair('maskLayer', depth, `is beyond the last of ${depth} blocks`)
  if (Number(maskPatch) < Number(patchSize))
    repair('maskPatch', patchSize, `is smaller than a patch of ${patchSize} pixels`)
  return { values: repaired, notices }
}
