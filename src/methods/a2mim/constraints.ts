import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingValue } from '../../settings/rows.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

/** Repairs what would not fit together: heads and width, token layer and depth, mask block and patch. */
export const constraints: Constraints = (values) => {
  const { width, heads, depth, maskLayer, patchSize, maskPatch } = values as A2mimSettings
  const repaired: Record<string, SettingValue> = { ...values }
  const notices: ReturnType<Constraints>['notices'][number][] = []
  const repair = (
    key: keyof A2mimSettings,
    from: SettingValue,
    to: SettingValue,
    why: string,
  ): void => {
    repaired[key] = to
    notices.push(repairNotice(a2mimTable, key, from, to, why))
  }
  if (width % heads !== 0) {
    let fitting = heads
    while (width % fitting !== 0) fitting--
    repair('heads', heads, fitting, `does not divide the width ${width}`)
  }
  if (maskLayer > depth)
    repair('maskLayer', maskLayer, depth, `is beyond the last of ${depth} blocks`)
  if (Number(maskPatch) < Number(patchSize))
    repair('maskPatch', maskPatch, patchSize, `is smaller than a patch of ${patchSize} pixels`)
  return { values: repaired, notices }
}
