import type { A2mimSettings } from '../../src/methods/a2mim/settings.ts'
import type { MethodDescription } from '../../src/methods/description.ts'
import { findMethod } from '../../src/methods/registry.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { resolveSelection } from '../../src/settings/selection.ts'
import type { MethodRun } from './workloads.ts'

/**
 * The method of a run and its full settings, with another batch size if one is given.
 * @throws Error when there is no such method
 */
export function settingsOf(
  { method, preset, values }: Pick<MethodRun, 'method' | 'preset' | 'values'>,
  batch?: number,
): { readonly description: MethodDescription; readonly settings: SettingValues } {
  const description = findMethod(method)
  if (!description) throw new Error(`there is no method ${method}`)
  const all = batch === undefined ? values : { ...values, batchSize: batch }
  return { description, settings: resolveSelection([description], { preset, values: all }).values }
}

/** Full settings of a preset of A²MIM, with another batch size if one is given. */
export const presetSettings = (preset: string, batch?: number): A2mimSettings & CommonSettings =>
  settingsOf({ method: 'a2mim', preset, values: {} }, batch).settings as A2mimSettings &
    CommonSettings
