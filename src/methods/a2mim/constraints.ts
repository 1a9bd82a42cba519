import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingValue } from '../../settings/rows.ts'
import { repairHeads } from '../widths.ts'
import { stageBlocks, tokenStride } from './config.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

type Repair = (key: keyof A2mimSettings, to: SettingValue, why: string) => void

/** Repairs what would not fit together: heads and width, stages without a gap, place of the token, mask block and cell. */
export const constraints: Constraints = (values) => {
  const repaired: Record<string, SettingValue> = { ...values }
  const settings = repaired as A2mimSettings
  const notices: ReturnType<Constraints>['notices'][number][] = []
  const repair: Repair = (key, to, why) => {
    notices.push(repairNotice(a2mimTable, key, repaired[key]!, to, why))
    repaired[key] = to
  }
  if (settings.architecture === 'vit') repairVit(settings, repair)
  else repairResnet(settings, repair)
  const cell = tokenStride(settings)
  if (settings.maskPatch !== 'auto' && Number(settings.maskPatch) < cell)
    repair(
      'maskPatch',
      String(cell),
      `is smaller than ${cell} pixels, the side of a cell of the map that the mask token enters`,
    )
  return { values: repaired, notices }
}

function repairVit(settings: A2mimSettings, repair: Repair): void {
  repairHeads(settings, repair)
  const { depth, maskLayer } = settings
  if (maskLayer > depth) repair('maskLayer', depth, `is beyond the last of ${depth} blocks`)
}

const STAGES = ['blocks1', 'blocks2', 'blocks3', 'blocks4'] as const

function repairResnet(settings: A2mimSettings, repair: Repair): void {
  const stages = stageBlocks(settings).length
  for (const key of STAGES.slice(stages))
    if (settings[key] > 0) repair(key, 0, `comes after stage ${stages + 1}, which has none`)
  if (settings.tokenStage >= stages)
    repair('tokenStage', stages - 1, `is not the input of a stage: there are ${stages}`)
}
