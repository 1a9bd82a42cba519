import type { SettingValues } from '../settings/rows.ts'
import { methodOf, waitsForRestart } from './form.ts'
import type { Session } from './session.ts'

/** The settings with which the run goes on: its own, and those of the form that need no restart. */
export function settingsAhead(form: Pick<Session, 'method' | 'wanted' | 'running'>): SettingValues {
  const { method, wanted, running } = form
  if (running?.method !== method) return running?.values ?? wanted
  const waits = waitsForRestart(methodOf(method), form)
  const live = Object.entries(wanted).filter(([key]) => !waits(key))
  return { ...running.values, ...Object.fromEntries(live) }
}
