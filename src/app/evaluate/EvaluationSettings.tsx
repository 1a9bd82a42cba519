import { useMemo } from 'react'
import { followed } from '../../settings/defaults.ts'
import { presetValues } from '../../settings/selection.ts'
import { methodOf, pendingKeys } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { useRunAhead } from '../pictures/useRunAhead.ts'
import { groupsOf } from '../settings/groups.ts'
import { SettingGroup } from '../settings/SettingGroup.tsx'
import classes from './evaluate.module.css'

/** The settings of an evaluation, folded into one line. They count from the next evaluation. */
export function EvaluationSettings({ name }: { readonly name: string }) {
  const id = useSession((state) => state.method)
  const preset = useSession((state) => state.preset)
  const wanted = useSession((state) => state.wanted)
  const running = useSession((state) => state.running)
  const { method: subject, settings } = useRunAhead()
  const method = methodOf(id)
  const base = useMemo(() => presetValues(method, preset), [method, preset])
  const group = groupsOf(method.table, settings).find((other) => other.name === name)
  if (!group) return null
  if (subject.id !== id)
    return (
      <p className={classes.about}>
        The form shows {method.name}: these settings can be changed when it shows {subject.name},
        the method of the run.
      </p>
    )
  return (
    <div className={classes.settings}>
      <SettingGroup
        group={group}
        preset={followed(method.table, base, wanted)}
        pending={pendingKeys({ method: id, wanted, running })}
        initiallyOpen={false}
      />
    </div>
  )
}
