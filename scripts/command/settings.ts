import { PeekabooError } from '../../src/errors.ts'
import type { Notice } from '../../src/settings/notice.ts'

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

/**
 * Makes sure that nothing had to be replaced or ignored: a command, unlike the page, has nobody to ask.
 * @throws PeekabooError `setting-invalid` that says what is wrong with each
 */
export function refuseAny(notices: readonly Notice[]): void {
  if (notices.length > 0) throw refused(notices.map(({ text }) => problemOf(text)).join('\n'))
}

/** What a notice says, without what was done about it: a command does not go on with something else. */
const problemOf = (text: string): string =>
  text.replace(/; (it is ignored|using .+ instead)\./, '.')

/** The error of a command that asks for what cannot be. */
export function refused(what: string): PeekabooError {
  return new PeekabooError({
    code: 'setting-invalid',
    what,
    kept: 'Nothing was started.',
    todo: 'Correct the command; README.md lists the settings.',
  })
}
