/** Something that a person asked for and did not get exactly: said once, never a reason to stop. */
export interface Notice {
  /** The key as it was given. */
  readonly key: string
  /** The setting's label; null where the key is unknown. */
  readonly label: string | null
  /** What was given, as short text. */
  readonly given: string
  /** What is used instead, for people; null where the wish was ignored. */
  readonly used: string | null
  /** All of it in one plain sentence. */
  readonly text: string
}

const LONGEST_TEXT = 40

/** Anything as short text, for naming it in a sentence; never throws. */
export function shortText(value: unknown): string {
  const text = plainText(value)
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object'
  if (typeof value === 'function') return 'a function'
  return String(value)
}
