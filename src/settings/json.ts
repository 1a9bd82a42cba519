import { PeekabooError } from '../errors.ts'
import {
  resolveSelection,
  type MethodSettings,
  type ResolvedSelection,
  type Selection,
} from './selection.ts'

const FORMAT = 'peekaboo-settings'
const VERSION = 1

/** A settings file: readable JSON with every value, so that it means the same when a preset changes. */
export function writeSettingsFile({ method, preset, values }: Selection): string {
  const file = { format: FORMAT, version: VERSION, method, preset, values }
  return `${JSON.stringify(file, null, 2)}\n`
}

/**
 * Reads a settings file. Single settings that are unknown or out of range are named in the notices and replaced, as in
 * an address.
 * @throws PeekabooError `file-rejected` when it is no settings file at all
 */
export function readSettingsFile(
  text: string,
  fileName: string,
  methods: readonly MethodSettings[],
): ResolvedSelection {
  const file = parseObject(text)
  if (!file) throw rejection(fileName, 'it is not a JSON object')
  if (file.format !== FORMAT) throw rejection(fileName, `it does not say "format": "${FORMAT}"`)
  if (file.version !== VERSION)
    throw rejection(
      fileName,
      `its version is ${JSON.stringify(file.version)} and this app reads version ${VERSION}`,
    )
  const { method, preset } = file
  const values = toObject(file.values)
  if (typeof method !== 'string' || !values)
    throw rejection(fileName, 'it lacks a method or its values')
  return resolveSelection(methods, {
    method,
    preset: typeof preset === 'string' ? preset : undefined,
    values,
  })
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return toObject(JSON.parse(text))
  } catch {
    return null
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function rejection(fileName: string, reason: string): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what: `“${fileName}” was not taken as settings: ${reason}.`,
    kept: 'The present settings are untouched.',
    todo: 'Choose a settings file that Peekaboo has exported.',
  })
}
