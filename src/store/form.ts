import { findMethod } from '../methods/registry.ts'
import type { MethodDescription } from '../methods/description.ts'
import { followersOf, leadingChoices } from '../settings/defaults.ts'
import { conditionsOf, type SettingRow, type SettingValues } from '../settings/rows.ts'
import { DEFAULT_PRESET, presetValues } from '../settings/selection.ts'
import type { Session } from './session.ts'

type Form = Pick<Session, 'method' | 'wanted' | 'running'>

/** The description of a method that is known to exist. Throws a RangeError otherwise. */
export function methodOf(id: string): MethodDescription {
  const method = findMethod(id)
  if (!method) throw new RangeError(`there is no method ${id}`)
  return method
}

/** Whether a row is shown and used with these values. */
export function isActive(row: SettingRow, values: SettingValues): boolean {
  return conditionsOf(row).every(({ key, is }) => {
    const value = values[key]
    return value !== undefined && is.includes(value)
  })
}

/**
 * Whether a change of a setting waits for a restart: it can only begin with a run, or it belongs to a choice of the form
 * that the run does not have, so that its value is meant for the next run.
 */
export function waitsForRestart(
  { table }: Pick<MethodDescription, 'table'>,
  { method, wanted, running }: Form,
): (key: string) => boolean {
  const waiting = new Set(
    leadingChoices(table)
      .filter(
        ([key, { effect }]) =>
          effect === 'restart' && running?.method === method && wanted[key] !== running.values[key],
      )
      .flatMap(([, row]) => followersOf(row)),
  )
  return (key) => table[key]?.effect === 'restart' || waiting.has(key)
}

/** Settings that differ between the form and the run and wait for a restart, by key. */
export function pendingKeys(form: Form): readonly string[] {
  const { method, wanted, running } = form
  if (running?.method !== method) return []
  const { table } = methodOf(method)
  const waits = waitsForRestart({ table }, form)
  return Object.entries(table)
    .filter(([key, row]) => waits(key) && isActive(row, wanted))
    .filter(([key]) => wanted[key] !== running.values[key])
    .map(([key]) => key)
}

/** Whether the form asks for something that only a new run can give. */
export function needsRestart(state: Form): boolean {
  const { running, method } = state
  return running !== null && (running.method !== method || pendingKeys(state).length > 0)
}

/** Whether a new run would throw away steps that are in no file. */
export function losesSteps({ run, savedStep }: Pick<Session, 'run' | 'savedStep'>): boolean {
  return run.step > savedStep
}

/** The preset of a method from which the values differ least; ties go to the default one. */
export function nearestPreset(method: MethodDescription, values: SettingValues): string {
  const differences = (preset: string) =>
    Object.entries(presetValues(method, preset)).filter(([key, value]) => values[key] !== value)
      .length
  return Object.keys(method.presets).reduce(
    (best, preset) => (differences(preset) < differences(best) ? preset : best),
    DEFAULT_PRESET,
  )
}
