import { ActionIcon } from '@mantine/core'
import { IconArrowBackUp, IconFileExport, IconFileImport } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SettingValues } from '../../settings/rows.ts'
import { client, saveSettingsFile } from '../../store/page.ts'
import { pickAndTake } from '../files/files.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './settings.module.css'

/** What one does to all settings at once. */
export function SettingsMenu({ base }: { readonly base: SettingValues }) {
  return (
    <div role="group" aria-label="All settings" className={classes.menu}>
      <Entry
        id="reset-all"
        label="Reset all to the preset"
        run={() => client.changeSettings(base)}
        icon={<IconArrowBackUp size={17} />}
      />
      <Entry
        id="save-settings"
        label="Save settings to a file"
        run={saveSettingsFile}
        icon={<IconFileExport size={17} />}
      />
      <Entry
        id="open-settings"
        label="Open a settings file"
        run={() => void pickAndTake('json')}
        icon={<IconFileImport size={17} />}
      />
    </div>
  )
}

interface EntryProps {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly run: () => void
}

function Entry({ id, label, icon, run }: EntryProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} data-testid={id} onClick={run}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
