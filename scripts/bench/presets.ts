import { a2mim } from '../../src/methods/a2mim/description.ts'
import type { A2mimSettings } from '../../src/methods/a2mim/settings.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { resolveSelection } from '../../src/settings/selection.ts'

/** Full settings of a preset of A²MIM, with another batch size if one is given. */
export function presetSettings(preset: string, batch?: number): A2mimSettings & CommonSettings {
  const values = batch === undefined ? {} : { batchSize: batch }
  return resolveSelection([a2mim], { preset, values }).values as A2mimSettings & CommonSettings
}
