import { ActionIcon, Switch } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { followersOf } from '../../settings/defaults.ts'
import { formatSetting } from '../../settings/format.ts'
import type { ChoiceRow, SettingRow, SettingValue } from '../../settings/rows.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { ChoiceField } from './ChoiceField.tsx'
import { HelpTip } from './HelpTip.tsx'
import { NumberInput, NumberSlider } from './NumberField.tsx'
import classes from './settings.module.css'

interface SettingFieldProps {
  readonly settingKey: string
  readonly row: SettingRow
  /** The value of the chosen preset under the choices of the form, to which the reset goes back. */
  readonly preset: SettingValue
  /** All settings of the form that wait for a restart. */
  readonly pending: readonly string[]
}

/** One setting: its name, help, marks and control. */
export function SettingField({ settingKey, row, preset, pending }: SettingFieldProps) {
  const value = useSession(({ wanted }) => wanted[settingKey] ?? row.default)
  const id = `setting-${settingKey}`
  const change = (next: SettingValue): void => client.changeSetting(settingKey, next)
  const waits = pending.includes(settingKey)
  return (
    <div className={classes.field} data-pending={waits || undefined}>
      <div className={classes.line}>
        {row.effect !== 'restart' && <LiveMark />}
        <label className={classes.label} htmlFor={row.kind === 'choice' ? undefined : id}>
          {row.label}
        </label>
        <HelpTip settingKey={settingKey} row={row} />
        <span className={classes.source} data-source={row.provenance}>
          {row.provenance}
        </span>
        <span className={classes.space} />
        {value !== preset && (
          <Tooltip label={`Back to ${formatSetting(row, preset)}`}>
            <ActionIcon
              size={20}
              aria-label={`Reset ${row.label} to ${formatSetting(row, preset)}`}
              onClick={() => change(preset)}
            >
              <IconArrowBackUp size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        {row.kind === 'number' && (
          <NumberInput id={id} row={row} value={Number(value)} onChange={change} />
        )}
        {row.kind === 'toggle' && (
          <Switch
            id={id}
            size="sm"
            checked={value === true}
            data-testid={id}
            onChange={({ currentTarget }) => change(currentTarget.checked)}
          />
        )}
      </div>
      {row.kind === 'number' && (
        <NumberSlider id={id} row={row} value={Number(value)} onChange={change} />
      )}
      {row.kind === 'choice' && (
        <ChoiceField id={id} row={row} value={String(value)} onChange={change} />
      )}
      {waits && (
        <p className={classes.pending}>
          Applies on restart
          {row.kind === 'choice' && <Brought choice={row} pending={pending} />}.
        </p>
      )}
    </div>
  )
}

/** What a choice that waits for the restart brings with it. */
function Brought({
  choice,
  pending,
}: { readonly choice: ChoiceRow } & Pick<SettingFieldProps, 'pending'>) {
  const text = useSession(({ method, wanted }) => {
    const { table } = methodOf(method)
    return followersOf(choice)
      .filter((key) => pending.includes(key))
      .map((key) => `${table[key]!.label} ${formatSetting(table[key]!, wanted[key]!)}`)
      .join(', ')
  })
  return text === '' ? null : `, with ${text}`
}

function LiveMark() {
  return (
    <span
      className={classes.live}
      role="img"
      aria-label="live"
      title="Live: may change while training"
    />
  )
}
