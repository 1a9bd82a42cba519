import type { MantineColorSchemeManager } from '@mantine/core'
import { preferences } from '../../store/preferences.ts'

let unsubscribe = (): void => undefined

/** Lets the component library read and write the scheme that the person's preferences hold. */
export const colourSchemeManager: MantineColorSchemeManager = {
  get: () => preferences.getState().colourScheme,
  set: (colourScheme) => preferences.setState({ colourScheme }),
  subscribe: (onUpdate) => {
    unsubscribe = preferences.subscribe(({ colourScheme }, before) => {
      if (colourScheme !== before.colourScheme) onUpdate(colourScheme)
    })
  },
  unsubscribe: () => unsubscribe(),
  clear: () => preferences.setState({ colourScheme: 'auto' }),
}
