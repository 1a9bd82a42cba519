import { useEffect } from 'react'
import { actions, session } from '../../store/page.ts'
import { actionFor, focusOf } from '../../store/shortcuts.ts'

/** Lets the keys of the action list work everywhere on the page. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, repeat, defaultPrevented } = event
      const target = event.target instanceof Element ? event.target : null
      const press = { key, ctrlKey, metaKey, altKey, repeat, defaultPrevented }
      const action = actionFor({ ...press, focus: focusOf(target) }, actions, session.getState())
      if (!action) return
      event.preventDefault()
      action.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
