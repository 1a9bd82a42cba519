import { shortText, type Notice } from './notice.ts'
import { resolveSettings, type Constraints } from './parse.ts'
import type { SettingTable, SettingValues } from './rows.ts'

/** What the settings room needs to know of a method; every method description is one. */
export interface MethodSettings {
  readonly id: string
  readonly table: SettingTable
  readonly presets: Readonly<Record<string, { readonly values: SettingValues }>>
  readonly constraints?: Constraints
}

/** What someone asked for: a method, a preset and settings on top of it, none of it checked. */
export interface Wish {
  readonly method?: string | undefined
  readonly preset?: string | undefined
  readonly values: Readonly<Record<string, unknown>>
}

/** A method, a preset and full valid values. */
export interface Selection {
  readonly method: string
  /** The preset on which the values build. */
  readonly preset: string
  readonly values: SettingValues
}

/** A selection, and what had to be ignored or replaced to get it. */
export interface ResolvedSelection extends Selection {
  readonly notices: readonly Notice[]
}

/** The preset that every method has and that is taken when none is named. */
export const DEFAULT_PRESET = 'small'

/**
 * Turns a wish into a valid selection: an unknown method becomes the first of `methods` (there must be one),
 * an unknown preset the default one, settings as in `resolveSettings`. Every deviation is named. Never throws.
 */
export function resolveSelection(
  methods: readonly MethodSettings[],
  wish: Wish,
): ResolvedSelection {
  const notices: Notice[] = []
  const method = methods.find(({ id }) => id === wish.method) ?? methods[0]!
  if (wish.method !== undefined && wish.method !== method.id) {
    const known = methods.map(({ id }) => id)
    notices.push(unknownName('method', 'Method', wish.method, known, method.id))
  }
  const preset = presetOf(method, wish.preset)
  if (wish.preset !== undefined && wish.preset !== preset) {
    const known = Object.keys(method.presets)
    notices.push(unknownName('preset', 'Preset', wish.preset, known, preset))
  }
  const base = presetValues(method, preset)
  const resolved = resolveSettings(method.table, wish.values, base, method.constraints)
  return {
    method: method.id,
    preset,
    values: resolved.values,
    notices: [...notices, ...resolved.notices],
  }
}

/** Full valid values of a method's preset; those of its defaults for a preset that it does not have. */
export function presetValues(method: MethodSettings, preset: string): SettingValues {
  const values = Object.hasOwn(method.presets, preset) ? method.presets[preset]?.values : undefined
  return resolveSettings(method.table, values ?? {}, {}, method.constraints).values
}

function presetOf(method: MethodSettings, wanted: string | undefined): string {
  return wanted !== undefined && Object.hasOwn(method.presets, wanted) ? wanted : DEFAULT_PRESET
}

function unknownName(
  key: string,
  label: string,
  wanted: string,
  known: readonly string[],
  used: string,
): Notice {
  const given = shortText(wanted)
  const text = `There is no ${key} “${given}” (there are ${known.join(', ')}); using ${used} instead.`
  return { key, label, given, used, text }
}
