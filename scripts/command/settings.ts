import { PeekabooError } from '../../src/errors.ts'

/** Options that name settings. */
export interface SettingOptions {
  readonly seed?: string | undefined
  /** `key=value` */
  readonly set?: readonly string[] | undefined
}

/**
 * The settings that `--seed` and `--set` name, none of them checked.
 * @throws PeekabooError `setting-invalid`
 */
export function namedSettings({ seed, set = [] }: SettingOptions): Record<string, string> {
  const pairs = set.map((text): [string, string] => {
    const at = text.indexOf('=')
    if (at < 1) throw refused(`--set ${text} is not of the form key=value.`)
    return [text.slice(0, at), text.slice(at + 1)]
  })
  return { ...(seed !== undefined && { seed }), ...Object.fromEntries(pairs) }
}

/** The error of a command that asks for what cannot be. */
export function refused(what: string): PeekabooError {
  return new PeekabooError({
    code: 'setting-invalid',
    what,
    kept: 'Nothing was started.',
    todo: 'Correct the command; README.md lists the settings.',
  })
}
