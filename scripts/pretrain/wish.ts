import { methods } from '../../src/methods/registry.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { resolveSelection, type Selection } from '../../src/settings/selection.ts'
import { namedSettings, refuseAny, refused, type SettingOptions } from '../command/settings.ts'

/** Steps over which `tables.csv` takes its means, unless the command says otherwise. */
export const TABLES_EVERY = 100

/** What the command line asks for. */
export interface PretrainOptions extends SettingOptions {
  readonly method?: string
  readonly preset?: string
  readonly steps: number
  readonly out: string
  readonly resume?: string
  /** Steps between two rows of a table in `tables.csv`; 0 for none. */
  readonly tablesEvery?: number
}

/**
 * The method and full settings of a new run. A command, unlike the page, has nobody to ask: anything unknown or out of
 * range is an error.
 * @throws PeekabooError `setting-invalid`
 */
export function selectRun(options: PretrainOptions): Selection {
  const { notices, ...selection } = resolveSelection(methods, {
    method: options.method,
    preset: options.preset,
    values: namedSettings(options),
  })
  refuseAny(notices)
  return selection
}

/**
 * The live settings that a resumed run is to change.
 * @param state method and settings of the checkpoint
 * @throws PeekabooError `setting-invalid` when the command asks for what a resumed run cannot change
 */
export function liveChanges(
  options: PretrainOptions,
  state: { readonly method: string; readonly settings: SettingValues },
): SettingValues {
  if (options.method !== undefined && options.method !== state.method)
    throw refused(`The checkpoint is of the method ${state.method}, not ${options.method}.`)
  const wanted = namedSettings(options)
  // The preset's values are in the checkpoint already; its name must only be one.
  const { notices, values } = resolveSelection(methods, {
    method: state.method,
    preset: options.preset,
    values: { ...state.settings, ...wanted },
  })
  refuseAny(notices)
  const method = methods.find(({ id }) => id === state.method)
  for (const key of Object.keys(wanted))
    if (method?.table[key]?.effect === 'restart' && values[key] !== state.settings[key])
      throw refused(
        `${key} cannot change in a resumed run; the checkpoint has ${state.settings[key]}.`,
      )
  return values
}
