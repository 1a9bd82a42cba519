import type { ActionId } from '../../store/actions.ts'

/** The element of an action's button, by which it is found. */
export const controlId = (id: ActionId): string => `action-${id}`

/** Moves the focus to the button of an action. */
export function focusControl(id: ActionId): void {
  document.querySelector<HTMLElement>(`[data-testid="${controlId(id)}"]`)?.focus()
}
