import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { SettingValues } from '../../settings/rows.ts'
import { useSession } from '../../store/hooks.ts'
import { digest, plainRows, type SettingGroup as Group } from './groups.ts'
import { SettingField } from './SettingField.tsx'
import classes from './settings.module.css'

interface SettingGroupProps {
  readonly group: Group
  readonly preset: SettingValues
  readonly pending: readonly string[]
  readonly initiallyOpen: boolean
}

/** A group of settings that folds; closed it says its main values, open it keeps rare ones folded away. */
export function SettingGroup({ group, preset, pending, initiallyOpen }: SettingGroupProps) {
  const [open, setOpen] = useState(initiallyOpen)
  const [more, setMore] = useState(false)
  const wanted = useSession((state) => state.wanted)
  const id = useId()
  const plain = plainRows(group)
  const advanced = group.rows.filter((each) => !plain.includes(each))
  const shown = more ? [...plain, ...advanced] : plain
  const waits = group.rows.some(([key]) => pending.includes(key))
  return (
    <section className={classes.group} data-testid={`group-${group.name}`}>
      <h3 className={classes.heading}>
        <UnstyledButton
          className={classes.fold}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <IconChevronRight className={classes.chevron} size={14} aria-hidden />
          <span>{group.name}</span>
          {!open && (
            <span className={classes.digest} data-pending={waits || undefined}>
              {digest(group, wanted)}
            </span>
          )}
        </UnstyledButton>
      </h3>
      {open && (
        <div id={id} className={classes.fields}>
          {shown.map(([key, row]) => (
            <SettingField
              key={key}
              settingKey={key}
              row={row}
              preset={preset[key] ?? row.default}
              pending={pending}
            />
          ))}
          {advanced.length > 0 && (
            <UnstyledButton
              className={classes.more}
              aria-expanded={more}
              onClick={() => setMore(!more)}
            >
              {more
                ? 'Fewer settings'
                : `${advanced.length} more: ${advanced.map(([, row]) => row.label).join(', ')}`}
            </UnstyledButton>
          )}
        </div>
      )}
    </section>
  )
}
