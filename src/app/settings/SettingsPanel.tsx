import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { followed } from '../../settings/defaults.ts'
import { presetValues } from '../../settings/selection.ts'
import { methodOf, needsRestart, pendingKeys } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { actions, client } from '../../store/page.ts'
import { ChoiceField } from './ChoiceField.tsx'
import { topChoices, trainingGroups } from './groups.ts'
import { SettingField } from './SettingField.tsx'
import { SettingGroup } from './SettingGroup.tsx'
import { SettingsMenu } from './SettingsMenu.tsx'
import classes from './settings.module.css'

/** Groups that are open at first: those that one plays with. */
const OPEN_GROUPS = 2

/** The form, made from the method's table. */
export function SettingsPanel() {
  const id = useSession((state) => state.method)
  const preset = useSession((state) => state.preset)
  const wanted = useSession((state) => state.wanted)
  const running = useSession((state) => state.running)
  const method = methodOf(id)
  const base = useMemo(() => presetValues(method, preset), [method, preset])
  const underChoices = followed(method.table, base, wanted)
  const form = { method: id, wanted, running }
  const pending = pendingKeys(form)
  const options = Object.entries(method.presets).map(([value, { label }]) => ({ value, label }))
  return (
    <div className={classes.panel}>
      <div className={classes.top}>
        <h2 className={classes.title}>Settings</h2>
        <SettingsMenu base={base} />
      </div>
      <DrivenNote />
      {topChoices(method.table).map(([key, row]) => (
        <div key={`${id}-${key}`} className={classes.topChoice}>
          <SettingField
            settingKey={key}
            row={row}
            preset={base[key] ?? row.default}
            pending={pending}
          />
        </div>
      ))}
      <div className={classes.presets}>
        <ChoiceField
          id="preset"
          row={{ label: 'Preset', options }}
          value={preset}
          onChange={(value) => client.choose(id, value)}
        />
      </div>
      <p className={classes.presetHelp}>{method.presets[preset]?.help}</p>
      {trainingGroups(method.table, wanted).map((group, index) => (
        <SettingGroup
          key={`${id}-${group.name}`}
          group={group}
          preset={underChoices}
          pending={pending}
          initiallyOpen={index < OPEN_GROUPS}
        />
      ))}
      <Waiting shown={needsRestart(form)} count={pending.length} />
    </div>
  )
}

/** Whose settings these are, while a comparison drives. */
function DrivenNote() {
  const driving = useSession((state) => state.driving)
  if (!driving) return null
  return (
    <p className={classes.driven}>
      Set by the comparison “{driving.name}”. Changing something takes over; you are asked first.
    </p>
  )
}

/** Says that changes wait, and offers the restart. */
function Waiting({ shown, count }: { readonly shown: boolean; readonly count: number }) {
  const fresh = useSession(({ run }) => run.step === 0)
  const wanted = useSession(({ method }) => methodOf(method).name)
  const runs = useSession(({ running }) => running && methodOf(running.method).name)
  if (!shown) return null
  const changes = count === 1 ? '1 change' : `${count} changes`
  const waits = count > 1 ? 'wait' : 'waits'
  return (
    <div className={classes.waiting} data-testid="pending">
      <span>
        {wanted === runs ? changes : wanted} {waits} for {fresh ? 'Train' : 'a restart'}
        {wanted !== runs && !fresh && `: this run is ${runs}`}.
      </span>
      <Button size="compact-sm" variant="default" onClick={actions.restart.run}>
        {fresh ? 'Apply now' : 'Restart'}
      </Button>
    </div>
  )
}
