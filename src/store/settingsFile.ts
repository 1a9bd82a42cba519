import { PeekabooError } from '../errors.ts'
import { methods } from '../methods/registry.ts'
import { resolveSelection, type ResolvedSelection, type Selection } from '../settings/selection.ts'

/** Says what the file is; anything else is refused. */
const KIND = 'peekaboo-settings'
/** A settings file holds a few kilobytes; a larger one is something else. */
export const SETTINGS_BYTES = 1_000_000

/** The text of a settings file. */
export function writeSettingsFile({ method, preset, values }: Selection): string {
  return `${JSON.stringify({ kind: KIND, method, preset, settings: values }, null, 2)}\n`
}

/**
 * Reads a settings file. Unknown and out-of-range settings are named in the notices. Throws a PeekabooError
 * `file-rejected` when the text is no settings file at all.
 */
export function readSettingsFile(fileName: string, text: string): ResolvedSelection {
  const content = parse(text)
  if (content?.kind !== KIND || !isRecord(content.settings))
    throw new PeekabooError({
      code: 'file-rejected',
      what: `${fileName} is not a settings file of Peekaboo.`,
      kept: 'The form and the run are unchanged.',
      todo: 'Choose a .json file that was saved with “Save settings”. Checkpoints (.safetensors) open with Import.',
    })
  const name = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return resolveSelection(methods, {
    method: name(content.method),
    preset: name(content.preset),
    values: content.settings,
  })
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const content: unknown = JSON.parse(text)
    return isRecord(content) ? content : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
