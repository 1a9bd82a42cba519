import type { SettingValue, SettingValues } from '../settings/rows.ts'
import { Unsound } from './rejection.ts'
import type { RunState, SettingChange } from './runState.ts'
import type { RunTensors } from './soundness.ts'
import { isCount, isJsonObject, parseStrictJson, type Json } from './strictJson.ts'

/** Everything of a run but its tensors. */
export type RunRecord = Omit<RunState, keyof RunTensors>

/** The record as the metadata of a file: texts by name. */
export function recordToMetadata(record: RunRecord): ReadonlyMap<string, string> {
  return new Map([
    ['method', record.method],
    ['settings', JSON.stringify(record.settings)],
    ['step', String(record.step)],
    ['cursor', JSON.stringify(record.cursor)],
    ['seconds', String(record.seconds)],
    ['changes', JSON.stringify(record.changes)],
    ['adapter', record.adapter],
    ['history', record.history],
    ['evaluations', record.evaluations],
  ])
}

/**
 * The record that a file's metadata holds.
 * @throws Unsound that names the field at fault, what was expected and what was found
 */
export function recordFromMetadata(metadata: ReadonlyMap<string, string>): RunRecord {
  const method = textOf(metadata, 'method')
  if (method === '') throw wrong('method', 'a name', method)
  return {
    method,
    settings: parse(metadata, 'settings', 'a number, text or on/off by key', toSettings),
    step: parse(metadata, 'step', 'a whole number from 0 up', toCount),
    cursor: parse(metadata, 'cursor', 'an epoch and an offset, whole numbers from 0 up', toCursor),
    seconds: parse(metadata, 'seconds', 'a number from 0 up', toDuration),
    changes: parse(metadata, 'changes', 'a list of changed settings', toChanges),
    adapter: textOf(metadata, 'adapter'),
    history: textOf(metadata, 'history'),
    // Files of earlier versions have none.
    evaluations: metadata.get('evaluations') ?? '',
  }
}

/**
 * A field of the metadata that must be there.
 * @throws Unsound
 */
export function textOf(metadata: ReadonlyMap<string, string>, name: string): string {
  const text = metadata.get(name)
  if (text === undefined) throw new Unsound(`it does not say its ${name}`)
  return text
}

/** The error of a field that holds something else than it should. */
export function wrong(name: string, expected: string, found: string): Unsound {
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found
  return new Unsound(`its ${name} should be ${expected} and is “${shown}”`)
}

/** Reads a field as JSON; `read` returns undefined for what the field may not hold. */
function parse<T>(
  metadata: ReadonlyMap<string, string>,
  name: string,
  expected: string,
  read: (value: Json) => T | undefined,
): T {
  const text = textOf(metadata, name)
  let value: Json
  try {
    value = parseStrictJson(text)
  } catch {
    throw wrong(name, expected, text)
  }
  const result = read(value)
  if (result === undefined) throw wrong(name, expected, text)
  return result
}

const toCount = (value: Json) => (isCount(value) ? value : undefined)

const toDuration = (value: Json) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

function toSettings(value: Json): SettingValues | undefined {
  if (!isJsonObject(value)) return undefined
  const entries = Object.entries(value)
  const sound = entries.filter((entry): entry is [string, SettingValue] => isSettingValue(entry[1]))
  return sound.length === entries.length ? Object.fromEntries(sound) : undefined
}

function toCursor(value: Json): RunRecord['cursor'] | undefined {
  if (!isJsonObject(value)) return undefined
  const { epoch, offset } = value
  return isCount(epoch) && isCount(offset) ? { epoch, offset } : undefined
}

function toChanges(value: Json): readonly SettingChange[] | undefined {
  if (!Array.isArray(value)) return undefined
  const changes = (value as readonly Json[]).map(toChange)
  return changes.every((change) => change !== undefined) ? changes : undefined
}

function toChange(value: Json): SettingChange | undefined {
  if (!isJsonObject(value)) return undefined
  const { step, key, from, to } = value
  if (!isCount(step) || typeof key !== 'string') return undefined
  return isSettingValue(from) && isSettingValue(to) ? { step, key, from, to } : undefined
}

function isSettingValue(value: Json | undefined): value is SettingValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}
