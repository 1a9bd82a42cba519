import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingTable, SettingValue } from '../../settings/rows.ts'
import { repairHeads, repairSincosWidth } from '../widths.ts'
import type { TrunkSettings } from './trunk.ts'

/**
 * The rules of a host's transformer: the width fits its sine-cosine positions, the heads divide it.
 * @param table the host's settings, which name what was repaired
 */
export const hostConstraints =
  (table: SettingTable): Constraints =>
  (values) => {
    const repaired: Record<string, SettingValue> = { ...values }
    const settings = repaired as unknown as TrunkSettings
    const notices: ReturnType<Constraints>['notices'][number][] = []
    const repair = (key: string, to: SettingValue, why: string): void => {
      notices.push(repairNotice(table, key, repaired[key]!, to, why))
      repaired[key] = to
    }
    if (settings.positions === 'sincos') repairSincosWidth(settings, repair)
    repairHeads(settings, repair)
    return { values: repaired, notices }
  }
