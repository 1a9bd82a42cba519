import { useCallback, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { ImageAddress } from '../results.ts'
import { client, session } from './page.ts'
import { preferences, type Preferences } from './preferences.ts'
import type { Session } from './session.ts'
import type { Thumbnail } from './thumbnails.ts'

/** A part of the session; the component renders when that part changes. */
export const useSession = <T>(select: (state: Session) => T): T => useStore(session, select)

/** A part of the person's preferences. */
export const usePreferences = <T>(select: (state: Preferences) => T): T =>
  useStore(preferences, select)

/** The thumbnail of an image of the data set; undefined until it has come. */
export function useThumbnail({ split, index }: ImageAddress): Thumbnail | undefined {
  const { thumbnails } = client
  const subscribe = useCallback(
    (listener: () => void) => thumbnails.watch({ split, index }, listener),
    [thumbnails, split, index],
  )
  return useSyncExternalStore(subscribe, () => thumbnails.get({ split, index }))
}
