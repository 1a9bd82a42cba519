import type { Action, Actions } from './actions.ts'
import type { Session } from './session.ts'

/** The part of a keyboard event that decides. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly repeat: boolean
  readonly defaultPrevented: boolean
  /** The element that has the focus, as far as it matters. */
  readonly focus: Focus
}

/** What the focused element does with keys: `text` takes them all, `button` takes Space, `free` takes none. */
export type Focus = 'text' | 'button' | 'free'

/** The action that a key press asks for and that can be done now, or null. */
export function actionFor(press: KeyPress, actions: Actions, state: Session): Action | null {
  const { key, ctrlKey, metaKey, altKey, repeat, defaultPrevented, focus } = press
  if (ctrlKey || metaKey || altKey || repeat || defaultPrevented) return null
  if (focus === 'text' || (focus === 'button' && key === ' ')) return null
  const wanted = key.toLowerCase()
  const action = Object.values(actions).find((other: Action) => other.key === wanted)
  return action?.enabled(state) ? action : null
}

const TEXT = 'input, textarea, select, [contenteditable="true"]'
const BUTTON =
  'button, a, summary, input[type="radio"], input[type="checkbox"], [role="tab"], [role="button"]'

/** What the focused element does with keys. A dialog keeps all keys to itself. */
export function focusOf(element: Element | null): Focus {
  if (!element) return 'free'
  if (element.closest('dialog')) return 'text'
  if (element.matches(BUTTON)) return 'button'
  return element.matches(TEXT) ? 'text' : 'free'
}
