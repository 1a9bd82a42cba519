import { wishedOf } from './diff.ts'
import { shortText, type Notice } from './notice.ts'
import {
  presetValues,
  resolveSelection,
  type MethodSettings,
  type ResolvedSelection,
  type Selection,
} from './selection.ts'

/**
 * Reads the query of an address, such as `?preset=tiny&method=a2mim&maskRatio=0.75&seed=3`. Never throws on any text;
 * what is unknown or out of range is named in the notices and replaced by the nearest valid value.
 */
export function parseAddress(query: string, methods: readonly MethodSettings[]): ResolvedSelection {
  const wanted = new Map<string, string>()
  const notices: Notice[] = []
  for (const [key, value] of new URLSearchParams(query)) {
    const earlier = wanted.get(key)
    if (earlier !== undefined) notices.push(twiceNotice(key, earlier, value))
    wanted.set(key, value)
  }
  const { method, preset, ...values } = Object.fromEntries(wanted)
  const resolved = resolveSelection(methods, { method, preset, values })
  return { ...resolved, notices: [...notices, ...resolved.notices] }
}

/**
 * The query that `parseAddress` reads back as this selection: method, preset, then the settings that differ from the
 * preset and do not just follow a choice, in the table's order. Starts with `?`.
 */
export function writeAddress(selection: Selection, method: MethodSettings): string {
  const base = presetValues(method, selection.preset)
  const query = new URLSearchParams({ method: selection.method, preset: selection.preset })
  for (const { key, to } of wishedOf(method.table, base, selection.values))
    query.set(key, String(to))
  return `?${query.toString()}`
}

function twiceNotice(key: string, earlier: string, value: string): Notice {
  const used = shortText(value)
  const text = `The address names “${shortText(key)}” more than once; the last value, “${used}”, is used.`
  return { key, label: null, given: shortText(earlier), used, text }
}
