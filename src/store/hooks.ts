import { useStore } from 'zustand'
import { session } from './page.ts'
import { preferences, type Preferences } from './preferences.ts'
import type { Session } from './session.ts'

/** A part of the session; the component renders when that part changes. */
export const useSession = <T>(select: (state: Session) => T): T => useStore(session, select)

/** A part of the person's preferences. */
export const usePreferences = <T>(select: (state: Preferences) => T): T =>
  useStore(preferences, select)
