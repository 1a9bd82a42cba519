import { useMemo } from 'react'
import type { MethodDescription } from '../../methods/description.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { settingsAhead } from '../../store/settingsAhead.ts'

/** The method of the run, or of the form before there is one, and the settings with which it goes on. */
export function useRunAhead(): {
  readonly method: MethodDescription
  readonly settings: SettingValues
} {
  const method = useSession((state) => state.method)
  const wanted = useSession((state) => state.wanted)
  const running = useSession((state) => state.running)
  return useMemo(
    () => ({
      method: methodOf(running?.method ?? method),
      settings: settingsAhead({ method, wanted, running }),
    }),
    [method, wanted, running],
  )
}
